/** Requests as a surface would hand them over; what is answered is kept. */
import { Announcer } from "../../src/command/announcer.ts";
import type { CacheTools } from "../../src/command/cache-tools.ts";
import type { CommandContext, Services } from "../../src/command/context.ts";
import type { Form, Panel } from "../../src/command/panel.ts";
import { PlanDesk } from "../../src/command/plan-desk.ts";
import type { Taste } from "../../src/command/taste.ts";
import { Warming } from "../../src/command/warming.ts";
import type { CacheEntry } from "../../src/core/audio-profile.ts";
import type { Track } from "../../src/core/track.ts";
import type { Maintenance } from "../../src/maintenance/maintenance.ts";
import { allOf } from "../../src/player/session-listeners.ts";
import { Sessions } from "../../src/player/sessions.ts";
import { LANGUAGES, type Texts } from "../../src/texts/texts.ts";
import { type GuildOptionName, type GuildOptions, guildOptions } from "../../src/core/guild-options.ts";
import { Cooldowns } from "../../src/policy/cooldown.ts";
import { SkipVotes } from "../../src/policy/votes.ts";
import { FakeChannels } from "./boards.ts";
import { fakeHandle } from "./message-handle.ts";
import { LOUNGE, SessionUnderTest, song } from "../player/set-up.ts";
import { ANN, GUILD } from "./people.ts";

export interface Answer {
  readonly how: "reply" | "update" | "edit";
  readonly panel: Panel;
  readonly private?: boolean | undefined;
}

function notGiven(): never {
  throw new Error("this test gave none");
}

/** Where requests are made and answers arrive. */
export class Desk {
  readonly bench = new SessionUnderTest(60_000);
  readonly answers: Answer[] = [];
  readonly forms: Form[] = [];
  readonly cachedIds = new Set<string>();
  volumePercent = 100;
  /** What the guild has chosen, as texts. */
  chosen: Partial<Record<GuildOptionName, string>> = {};
  /** Direct messages that were sent. */
  readonly whispers: Panel[] = [];
  readonly services: Services;
  readonly #texts: Texts;
  #items = 0;
  #minutes = 0;

  /** @param texts in the language of everything that is answered */
  constructor(more: Partial<Services> = {}, texts: Texts = LANGUAGES.en) {
    this.#texts = texts;
    const { clock, log } = this.bench;
    const channels = new FakeChannels();
    const votes = new SkipVotes();
    const listener = new Announcer({
      boards: channels.boards(log),
      post: channels.post,
      textsFor: () => texts,
      options: () => this.options,
      clock,
      log,
    });
    this.services = {
      commands: [],
      prefix: "?",
      sessions: new Sessions({ ...this.bench.sharedDeps(), listener: allOf([listener, votes]) }),
      announcer: listener,
      resolve: notGiven,
      ownSongs: notGiven,
      search: notGiven,
      chapters: notGiven,
      cached: async ({ id }) =>
        this.cachedIds.has(id) ? ({ playCount: 1, bytes: 1 } as CacheEntry) : undefined,
      profiles: { profileOf: notGiven, setProfile: notGiven, soundOf: notGiven, setEffect: notGiven },
      volumes: {
        volumeOf: async () => this.volumePercent,
        setVolume: async (_guildId, percent) => void (this.volumePercent = percent),
      },
      languages: { textsFor: () => texts, choiceOf: () => undefined, choose: notGiven },
      statistics: notGiven,
      maintenance: undefined as unknown as Maintenance,
      cacheTools: undefined as unknown as CacheTools,
      keepRules: { rulesOf: async () => [], setRule: notGiven },
      taste: undefined as unknown as Taste,
      warming: new Warming({ clock, log }),
      lacks: () => [],
      plans: new PlanDesk(),
      options: {
        of: () => this.options,
        set: async (_guildId, name, value) => {
          const { [name]: _before, ...others } = this.chosen;
          this.chosen = value === undefined ? others : { ...others, [name]: value };
          return this.options;
        },
      },
      // A minute between any two requests: what is tested elsewhere is not in the way.
      cooldowns: new Cooldowns(() => (this.#minutes += 1) * 60_000),
      requireWriting: () => undefined,
      mayTidy: () => true,
      votes,
      clock,
      ...more,
    };
  }

  get options(): GuildOptions {
    return guildOptions(this.chosen);
  }

  /** A request by Ann, who owns the bot and sits in the lounge. */
  context(more: Partial<CommandContext> = {}): CommandContext {
    return {
      surface: "slash",
      actor: ANN,
      place: { ...GUILD, djRole: this.options.djRole, playFor: this.options.playFor },
      guildId: "guild",
      textChannelId: "text",
      voiceChannel: LOUNGE,
      listenerIds: ["ann"],
      options: this.options,
      prefix: this.services.prefix,
      services: this.services,
      texts: this.#texts,
      publicTexts: this.#texts,
      privateTexts: this.#texts,
      session: this.services.sessions.of("guild"),
      signal: new AbortController().signal,
      newItem: (track: Track, startMs: number) => ({
        ...song(0),
        id: `item ${(this.#items += 1)}`,
        track,
        startMs,
      }),
      reply: async (panel, options) => {
        this.answers.push({ how: "reply", panel, private: options?.private });
        return fakeHandle((next) => this.answers.push({ how: "edit", panel: next }));
      },
      update: async (panel) => void this.answers.push({ how: "update", panel }),
      directMessage: async (panel) => {
        this.whispers.push(panel);
        return true;
      },
      openForm: async (form) => void this.forms.push(form),
      ...more,
    };
  }

  get last(): Panel {
    const answer = this.answers.at(-1);
    if (!answer) throw new Error("nothing was answered");
    return answer.panel;
  }

  /** All that the last answer says, as one text. */
  get text(): string {
    const { title = "", lines, footer = "" } = this.last;
    return [title, ...lines, footer].join("\n");
  }
}
