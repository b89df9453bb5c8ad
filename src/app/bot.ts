// The whole bot, put together: the library below, the sessions on top, Discord around them.
import { randomBytes, randomUUID } from "node:crypto";
import type { Announcer } from "../command/announcer.ts";
import type { Services } from "../command/context.ts";
import { type Command, variantsOf } from "../command/define.ts";
import { PlanDesk } from "../command/plan-desk.ts";
import { Warming } from "../command/warming.ts";
import { type Config, requireToken } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import type { AppError } from "../core/errors.ts";
import type { GuildOptionBook } from "../core/guild-options.ts";
import type { Logger } from "../core/logger.ts";
import type { KeptDatabase } from "../db/kept-database.ts";
import { Leases } from "../db/leases.ts";
import type { Database } from "../db/schema.ts";
import { SavedQueues } from "../db/saved-queues.ts";
import { Settings } from "../db/settings.ts";
import { GuildSettings } from "../db/guild-settings.ts";
import { Discord } from "../discord/client.ts";
import { sweepWork } from "../maintenance/leftovers.ts";
import { Cooldowns } from "../policy/cooldown.ts";
import { SkipVotes } from "../policy/votes.ts";
import { Pacer } from "../player/pacer/pacer.ts";
import type { GuildSession } from "../player/guild-session.ts";
import { allOf } from "../player/session-listeners.ts";
import { Sessions } from "../player/sessions.ts";
import type { Languages } from "../texts/languages.ts";
import { LANGUAGES } from "../texts/texts.ts";
import { openKeptDatabase } from "./database.ts";
import { DatabaseCare } from "./database-care.ts";
import { createAnnouncer } from "./announcing.ts";
import { ChannelBitrates } from "./channel-bitrates.ts";
import { createCacheTools } from "./cache-tools.ts";
import { sweepFallbacks } from "./fallback-folder.ts";
import { cacheFolders, prepareFolders } from "./folders.ts";
import { thisProcess } from "./lease-holder.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { createLikings, type Likings } from "./taste.ts";
import { createLibrary, type Library } from "./library.ts";
import { loadCommands } from "./load-commands.ts";
import { matchFirst } from "./match-first.ts";
import { createGuildLanguages } from "./guild-languages.ts";
import { createGuildOptions } from "./guild-options.ts";
import { createKeepRules } from "./keep-rules.ts";
import { OwnerNotices, recoveryNotice, unstoredNotice } from "./owner-notices.ts";
import { songsFor } from "./own-songs.ts";
import { provideFrom } from "./provide.ts";
import { SessionKeeper } from "./session-keeper.ts";
import { createSongStatus, createVoiceNews } from "./voice-behaviour.ts";

export interface BotDeps {
  readonly config: Config;
  readonly log: Logger;
  /** Discord refuses us for good while we run. */
  readonly onFatal: (error: AppError) => void;
}

/** The running bot. */
export interface Bot {
  /** Takes no more work, ends what runs, and leaves no child process behind. */
  close(): Promise<void>;
}

const newReference = (): string => randomBytes(3).toString("hex");

/** Logs in and resolves when the bot answers. The signal gives up starting. */
export async function startBot(deps: BotDeps, signal: AbortSignal): Promise<Bot> {
  const token = requireToken(deps.config).reveal();
  const parts = await assemble(deps, signal);
  const { database, library, discord, sessions, keeper, notices } = parts;
  const care = new DatabaseCare({
    database,
    rebuild: library.rebuild,
    onRecovered: (recovery) => void notices.tell(recoveryNotice(recovery)),
    log: deps.log,
  });
  const housekeeping = startHousekeeping({ ...deps, ...library, notices, clock: systemClock });
  const shutdown = new AbortController();
  const close = async (): Promise<void> => {
    shutdown.abort();
    await keeper.close();
    await sessions.close();
    await library.liveAudio.close();
    await library.cache.close();
    await housekeeping.close();
    await notices.close();
    await discord.close();
    await care.close();
    await database.close();
  };
  const { log, onFatal } = deps;
  try {
    const commands = await loadCommands();
    const services = createServices(deps, parts, commands);
    const onGuildGone = (guildId: string): Promise<void> => sessions.end(guildId);
    const voiceNews = createVoiceNews({ ...parts, log });
    const answering = { commands, services, newReference, voiceNews, onGuildGone, onFatal, log };
    await discord.start({ token, memory: library.settings, shutdown: shutdown.signal, ...answering }, signal);
    await keeper.restore((guildId) => discord.voiceGuilds.adapterOf(guildId) !== undefined);
    notices.open();
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly database: KeptDatabase;
  readonly library: Library;
  readonly discord: Discord;
  readonly languages: Languages;
  readonly options: GuildOptionBook;
  readonly announcer: Announcer;
  readonly likings: Likings;
  readonly sessions: Sessions;
  readonly keeper: SessionKeeper;
  readonly bitrates: ChannelBitrates;
  readonly votes: SkipVotes;
  readonly notices: OwnerNotices;
}

async function assemble(deps: BotDeps, signal: AbortSignal): Promise<Parts> {
  const { config, log } = deps;
  await prepareFolders(config);
  const folders = cacheFolders(config);
  const database = await openKeptDatabase(config, log, signal);
  const { db } = database;
  const leases = new Leases(db, thisProcess());
  const left = await sweepFallbacks(systemClock.nowMs());
  const swept = left + (await sweepWork({ folders, leases, clock: systemClock }, signal));
  if (swept > 0) log.info("cache.swept", { files: swept });

  const discord = new Discord(config.discord, log);
  const keysByGuild = (): ReadonlyMap<string, ReadonlySet<string>> => sessions.keysByGuild();
  const checkDatabase = (ended: AbortSignal): Promise<boolean> => database.check(ended);
  const notices = createNotices(deps, { db, discord });
  const onUnstored = (reason: AppError): void => void notices.tell(unstoredNotice(reason));
  const library = await createLibrary(
    { config, log, folders, db, checkDatabase, keysByGuild, onUnstored },
    signal,
  );
  const settings = new GuildSettings(db);
  const options = await createGuildOptions(settings, (guildId) => showSong(sessions.of(guildId)));
  const languages = await createGuildLanguages({
    settings,
    ofBot: config.discord.defaultLanguage,
    localeOf: (guildId) => discord.localeOf(guildId),
  });
  const announcer = await createAnnouncer({ discord, languages, options, settings, log });
  const likings = createLikings({ config, db, library, options, log });
  const showSong = createSongStatus(discord.voiceStatus, options);
  const onChanged = (session: GuildSession): void => {
    keeper.onChanged(session);
    announcer.onChanged(session);
    showSong(session);
  };
  const wiring = { library, discord, options, announcer, likings, onChanged };
  const { sessions, bitrates, votes } = createSessions(deps, wiring);
  const keeper = new SessionKeeper({ sessions, store: new SavedQueues(db, library.commits), log });
  const above = { languages, options, announcer, likings, sessions, keeper, bitrates, votes, notices };
  return { database, library, discord, ...above };
}

function createNotices(
  { config, log }: BotDeps,
  { db, discord }: { readonly db: Database; readonly discord: Discord },
): OwnerNotices {
  const { ownerNotices: isOn, defaultLanguage } = config.discord;
  const texts = LANGUAGES[defaultLanguage];
  return new OwnerNotices({ isOn, discord, memory: new Settings(db), texts, clock: systemClock, log });
}

interface SessionParts extends Pick<Parts, "library" | "discord" | "options" | "announcer" | "likings"> {
  readonly onChanged: (session: GuildSession) => void;
}

function createSessions(
  { log }: BotDeps,
  { library, discord, options, announcer, likings, onChanged }: SessionParts,
): Pick<Parts, "sessions" | "bitrates" | "votes"> {
  const { lyricsBoard, cuts, suggestNext } = likings;
  const votes = new SkipVotes();
  const bitrates = new ChannelBitrates({
    sessionOf: (guildId) => sessions.of(guildId),
    kbpsOf: (channel) => discord.kbpsOf(channel),
    log,
  });
  const limitKbps = (guildId: string): number | undefined => bitrates.limitKbps(guildId);
  const sessions = new Sessions({
    voice: discord.createVoice(new Pacer(systemClock)),
    ...matchFirst(provideFrom(library, limitKbps), library),
    listener: allOf([announcer, lyricsBoard, votes]),
    options: (guildId) => options.of(guildId),
    cuts,
    suggestNext,
    onChanged,
    random: Math.random,
    newId: randomUUID,
    clock: systemClock,
    log,
  });
  return { sessions, bitrates, votes };
}

function createServices({ config, log }: BotDeps, parts: Parts, commands: readonly Command[]): Services {
  const { database, library, discord, languages, options, sessions, announcer, likings, votes } = parts;
  return {
    commands: commands.flatMap(variantsOf),
    prefix: config.discord.prefixCommands ? config.discord.commandPrefix : undefined,
    sessions,
    announcer,
    ...songsFor(library),
    cached: async (track, guildId) => {
      const recording = await library.matcher.known(track);
      return recording && library.cache.peek(recording, await library.profiles.profileOf(guildId));
    },
    profiles: library.profiles,
    volumes: library.volumes,
    languages,
    statistics: library.statistics,
    maintenance: library.maintenance,
    cacheTools: createCacheTools({ ...library, db: database.db }),
    keepRules: createKeepRules(new GuildSettings(database.db)),
    warming: new Warming({ clock: systemClock, log }),
    options,
    taste: likings.taste,
    requireWriting: (guildId, channelId) => discord.requireWriting(guildId, channelId),
    mayTidy: (guildId, channelId) => discord.mayTidy(guildId, channelId),
    cooldowns: new Cooldowns(() => systemClock.monotonicMs()),
    votes,
    lacks: (guildId, tasks) => discord.lacks(guildId, tasks),
    plans: new PlanDesk(),
    clock: systemClock,
  };
}
