import type { Clock } from "../core/clock.ts";
import type { CacheEntry } from "../core/audio-profile.ts";
import type { GuildProfiles } from "../core/audio-profiles.ts";
import type { GuildOptionBook, GuildOptions } from "../core/guild-options.ts";
import type { GuildVolumes } from "../core/guild-volumes.ts";
import type { ListWish } from "../core/list-wish.ts";
import type { Chapter, Track } from "../core/track.ts";
import type { Maintenance } from "../maintenance/maintenance.ts";
import type { CacheStatistics } from "../maintenance/statistics.ts";
import type { GuildSession } from "../player/guild-session.ts";
import type { QueueItem } from "../player/queue.ts";
import type { Sessions } from "../player/sessions.ts";
import type { VoiceChannelRef } from "../player/voice-link.ts";
import type { Asked } from "../policy/admission.ts";
import type { Cooldowns } from "../policy/cooldown.ts";
import type { Actor, Place } from "../policy/permission.ts";
import type { SkipVotes } from "../policy/votes.ts";
import type { Languages } from "../texts/languages.ts";
import type { Localized, Texts } from "../texts/texts.ts";
import type { SongAnswer } from "./announcer.ts";
import type { Args } from "./args.ts";
import type { CacheTools } from "./cache-tools.ts";
import type { Group } from "./groups.ts";
import type { KeepRuleBook } from "./keep-rules.ts";
import type { SentMessage } from "./live-message.ts";
import type { Lack, Tasks } from "../core/bot-tasks.ts";
import type { Form, MessageHandle, Panel } from "./panel.ts";
import type { PlanDesk } from "./plan-desk.ts";
import type { OwnSongs } from "./suggestions.ts";
import type { Taste } from "./taste.ts";
import type { Warming } from "./warming.ts";

/** What a person's text turned out to mean. */
export type Resolved =
  | {
      readonly kind: "tracks";
      readonly tracks: readonly Track[];
      readonly startMs: number;
      /** The source does not answer, so these are from the own cache. */
      readonly fromCatalogue?: true;
    }
  | { readonly kind: "playlist"; readonly id: string; readonly entries: AsyncIterable<Track> };

/** What `help` tells of a command. */
export interface CommandSummary {
  readonly name: string;
  readonly group: Group;
  readonly description: Localized;
  readonly aliases?: readonly string[];
  readonly args: Args;
}

/** The messages that show what becomes of songs. */
export interface SongMessages {
  /** Uses the answer to a command as the message of a song that starts now, where songs are shown there. */
  attach(session: GuildSession, item: QueueItem, answer: SongAnswer): Promise<void>;
  /** Takes an answer that shows the song that plays for its message, unless songs are shown elsewhere or nowhere. */
  moveTo(session: GuildSession, channelId: string, sent: SentMessage): void;
  /** The options of the guild are others than before. */
  onOptions(session: GuildSession): void;
}

/** What commands may use. */
export interface Services {
  readonly commands: readonly CommandSummary[];
  /** Of guilds that chose none; `undefined` = prefix commands are off. */
  readonly prefix: string | undefined;
  readonly options: GuildOptionBook;
  /** That the bot may write in a channel of a guild. @throws {AppError} `CHANNEL_NO_PERMISSION` */
  requireWriting(guildId: string, channelId: string): void;
  /** Whether the bot may delete there what others write. */
  mayTidy(guildId: string, channelId: string): boolean;
  readonly cooldowns: Cooldowns;
  readonly votes: SkipVotes;
  readonly sessions: Sessions;
  readonly announcer: SongMessages;
  /**
   * When the source does not answer, what is cached for the guild answers instead. Of a song that starts now the
   * fetching begins at once.
   */
  resolve(
    text: string,
    where: Asked & { readonly startsNow?: boolean; readonly list?: ListWish },
    signal: AbortSignal,
  ): Promise<Resolved>;
  /** Recordings that words may mean, best first; for choosing among them. */
  search(text: string, limit: number, signal: AbortSignal): Promise<readonly Track[]>;
  /** Parts of a recording that have names of their own; empty = it has none. */
  chapters(track: Track, signal: AbortSignal): Promise<readonly Chapter[]>;
  /** What this bot knows without asking anybody, as seen from a guild. */
  ownSongs(guildId: string): OwnSongs;
  /** The cached file of a recording, if it would be a hit in that guild. */
  cached(track: Track, guildId: string): Promise<CacheEntry | undefined>;
  readonly profiles: GuildProfiles;
  readonly volumes: GuildVolumes;
  readonly languages: Languages;
  statistics(): Promise<CacheStatistics>;
  readonly maintenance: Maintenance;
  readonly cacheTools: CacheTools;
  readonly warming: Warming;
  readonly keepRules: KeepRuleBook;
  readonly taste: Taste;
  /** What the bot may not do in channels of a guild, of the tasks that it has there. */
  lacks(guildId: string, tasks: Tasks): readonly Lack[];
  /** Clean-up plans that wait for their asker's confirmation. */
  readonly plans: PlanDesk;
  readonly clock: Clock;
}

export type { Actor, Place };

/** `button`: selects too. `menu`: the menu of a message. */
export type Surface = "slash" | "prefix" | "button" | "form" | "menu";

/** One request, whatever surface it came through. Nothing of Discord's library is in it. */
export interface CommandContext {
  readonly surface: Surface;
  readonly actor: Actor;
  readonly place: Place;
  /** `NOT_IN_GUILD` is refused before a command runs. */
  readonly guildId: string;
  readonly textChannelId: string;
  /** Voice channel the person is in. */
  readonly voiceChannel: VoiceChannelRef | undefined;
  /** People who hear the bot, in its voice channel: neither bots nor deafened ones. */
  readonly listenerIds: readonly string[];
  /** What the guild has chosen, as it was when the request came. */
  readonly options: GuildOptions;
  /** What typed commands begin with here; `undefined` = prefix commands are off. */
  readonly prefix: string | undefined;
  readonly services: Services;
  /** In the language of whoever reads the answer that this command gives as a rule. */
  readonly texts: Texts;
  /** For what everyone reads, whatever the command does as a rule. */
  readonly publicTexts: Texts;
  /** For what the asker alone reads; on surfaces that cannot do that the same as `publicTexts`. */
  readonly privateTexts: Texts;
  readonly session: GuildSession;
  /** A queue entry for a track this person asks for here. */
  readonly newItem: (track: Track, startMs: number) => QueueItem;
  /** Fires when nobody can be answered any more. */
  readonly signal: AbortSignal;
  /**
   * Answers: the first time with a new message, then by changing it. `private` = for the asker alone where the
   * surface can do that; it counts for the first answer only.
   */
  readonly reply: (panel: Panel, options?: { readonly private?: boolean }) => Promise<MessageHandle>;
  /** Changes the message whose button was pressed. On other surfaces the same as `reply`. */
  readonly update: (panel: Panel) => Promise<void>;
  /** Sends a direct message to the person. False = they take none from the bot. */
  readonly directMessage: (panel: Panel) => Promise<boolean>;
  /** Must be the first answer. On slash, button and menu only; the others reject with `INTERNAL`. */
  readonly openForm: (form: Form) => Promise<void>;
}
