/** Going some way forward or back in the song that plays. */
import { formatDuration } from "../core/format.ts";
import { beginningOf } from "../player/queue.ts";
import type { Localized } from "../texts/texts.ts";
import { duration } from "./args.ts";
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
      const { session, signal, texts, reply } = context;
      const { state } = session;
      const beginningMs = state.status === "idle" ? 0 : beginningOf(state.item);
      const toMs = Math.max(beginningMs, session.positionMs + direction * by);
      requireSeek(context, toMs);
      await session.seek(toMs, signal);
      await reply({ tone: "info", lines: [texts.songs.goingOnAt({ time: formatDuration(toMs) })] });
    },
  });
}
