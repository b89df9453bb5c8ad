import { cache } from "./cache.ts";
import { play } from "./play.ts";
import { queue } from "./queue.ts";
import { server } from "./server.ts";
import { sound } from "./sound.ts";
import { taste } from "./taste.ts";

/** What each command and each of its arguments is for, by group: 100 characters at most, says Discord. */
export const commands = {
  ...cache,
  ...play,
  ...queue,
  ...server,
  ...sound,
  ...taste,
};
