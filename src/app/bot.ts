// The whole bot, put together: the library below, the sessions on top, Discord around them.
import { randomBytes } from "node:crypto";
import { sweepWorkFolder } from "../cache/work-folder.ts";
import { Announcer } from "../command/announcer.ts";
import type { Services } from "../command/context.ts";
import type { Command } from "../command/define.ts";
import { PlanDesk } from "../command/plan-desk.ts";
import { type Config, requireToken } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import type { AppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { openDatabase } from "../db/open.ts";
import { Discord } from "../discord/client.ts";
import { DiscordVoice } from "../discord/voice-link.ts";
import { Sessions } from "../player/sessions.ts";
import { cacheFolders, prepareFolders } from "./folders.ts";
import { createLibrary, type Library } from "./library.ts";
import { loadCommands } from "./load-commands.ts";
import { provideFrom } from "./provide.ts";

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

const IDLE_LEAVE_MS = 5 * 60 * 1000;

/** Logs in and resolves when the bot answers. */
export async function startBot(deps: BotDeps): Promise<Bot> {
  const { config, log } = deps;
  const token = requireToken(config).reveal();
  const shutdown = new AbortController();
  await prepareFolders(config);
  const folders = cacheFolders(config);
  const swept = await sweepWorkFolder(folders.work);
  if (swept > 0) log.info("cache.swept", { files: swept });
  const { db } = await openDatabase(config.database.path);

  const discord = new Discord(config.discord, log);
  const keysInQueues = (): ReadonlySet<string> => sessions.keysInQueues();
  const library = await createLibrary({ config, log, folders, db, keysInQueues }, shutdown.signal);
  const announcer = new Announcer({ post: (id, panel) => discord.post(id, panel), clock: systemClock, log });
  const sessions = createSessions(deps, { library, discord, announcer });
  const close = async (): Promise<void> => {
    shutdown.abort();
    await sessions.close();
    await library.cache.close();
    await discord.close();
    await db.destroy();
  };
  try {
    const commands = await loadCommands();
    await discord.start({
      token,
      commands,
      services: createServices({ config, library, sessions, announcer, commands }),
      memory: library.settings,
      shutdown: shutdown.signal,
      log,
      newReference: () => randomBytes(3).toString("hex"),
      onGuildGone: (guildId) => sessions.end(guildId),
      onFatal: deps.onFatal,
    });
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly library: Library;
  readonly discord: Discord;
  readonly announcer: Announcer;
}

function createSessions({ config, log }: BotDeps, { library, discord, announcer }: Parts): Sessions {
  return new Sessions({
    voice: new DiscordVoice({ guilds: discord.voiceGuilds, log }),
    provide: provideFrom(library.cache, config.audio.profile),
    listener: announcer,
    clock: systemClock,
    log,
    idleLeaveMs: IDLE_LEAVE_MS,
  });
}

function createServices(parts: {
  readonly config: Config;
  readonly library: Library;
  readonly sessions: Sessions;
  readonly announcer: Announcer;
  readonly commands: readonly Command[];
}): Services {
  const { config, library, sessions, announcer, commands } = parts;
  return {
    commands,
    prefix: config.discord.prefixCommands ? config.discord.commandPrefix : undefined,
    sessions,
    announcer,
    resolve: (text, signal) => library.resolver.resolve(text, signal),
    cached: (track) => library.cache.peek(track, config.audio.profile),
    statistics: library.statistics,
    maintenance: library.maintenance,
    plans: new PlanDesk(),
    clock: systemClock,
  };
}
