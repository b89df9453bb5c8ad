import type { en } from "../en/index.ts";
import { cache } from "./cache.ts";
import { commands } from "./commands/index.ts";
import { errors, notices, phrases } from "./errors.ts";
import { help } from "./help.ts";
import { lists } from "./lists.ts";
import { pages } from "./pages.ts";
import { permissions } from "./permissions.ts";
import { queue } from "./queue.ts";
import { server } from "./server.ts";
import { settings } from "./settings.ts";
import { songs } from "./songs.ts";
import { sound } from "./sound.ts";
import { taste } from "./taste.ts";
import { warming } from "./warming.ts";

/** German. */
export const de: typeof en = {
  name: "Deutsch",
  locale: "de",
  discordLocales: ["de"],
  errors,
  notices,
  phrases,
  cache,
  commands,
  help,
  lists,
  pages,
  permissions,
  queue,
  server,
  settings,
  songs,
  sound,
  taste,
  warming,
};
