import type { commands as english } from "../../en/commands/index.ts";
import { cache } from "./cache.ts";
import { play } from "./play.ts";
import { queue } from "./queue.ts";
import { server } from "./server.ts";
import { sound } from "./sound.ts";
import { taste } from "./taste.ts";

/** As in `en/commands/`. */
export const commands: typeof english = {
  ...cache,
  ...play,
  ...queue,
  ...server,
  ...sound,
  ...taste,
};
