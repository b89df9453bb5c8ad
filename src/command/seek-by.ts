/** Going to another position of the song that plays. Those of a chapter count from its beginning, as they are shown. */
import { formatDuration } from "../core/format.ts";
import type { GuildSession } from "../player/guild-session.ts";
import { beginningOf } from "../player/queue.ts";
import type { Localized } from "../texts/texts.ts";
import { duration } from "./args.ts";
import type { CommandContext } from "./context.ts";
import { type Command, defineCommand } from "./define.ts";
import { inVoice, playing } from "./preconditions.ts";
import { requireSeek } from "./rights.ts";

const STEP_MS = 10_000;

/** A command that seeks from where the song is: 1 = forward, -1 = back. */
export function seekBy(
  name: string,
  direction: 1 | -1,
  say: {
    readonly about: Localized;
    readonly by: Localized;
    readonly aliases: readonly string[];
  },
): Command {
  return defineCommand({
    name,
    group: "play",
    aliases: say.aliases,
    description: say.about,
    args: { by: duration(say.by) },
    action: "song.control",
    visibility: "public",
    needs: [inVoice, playing],
    async run(context, { by = STEP_MS }) {
      const { session } = context;
      const atMs = session.positionMs - beginningOfSong(session);
      await seekTo(context, Math.max(0, atMs + direction * by));
    },
  });
}

/**
 * Goes to a position and says so.
 * @throws {AppError} `NOT_ALLOWED`, `VOTED_HERE`, and as {@link GuildSession.seek}
 */
export async function seekTo(context: CommandContext, positionMs: number): Promise<void> {
  const { session, signal, texts, reply } = context;
  const toMs = beginningOfSong(session) + positionMs;
  requireSeek(context, toMs);
  await session.seek(toMs, signal);
  await reply({ tone: "info", lines: [texts.songs.goingOnAt({ time: formatDuration(positionMs) })] });
}

function beginningOfSong({ state }: GuildSession): number {
  return state.status === "idle" ? 0 : beginningOf(state.item);
}
