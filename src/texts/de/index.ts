import type { en } from "../en/index.ts";
import { cache } from "./cache.ts";
import { commands } from "./commands.ts";
import { errors, notices, phrases } from "./errors.ts";
import { server } from "./server.ts";
import { songs } from "./songs.ts";
import { warming } from "./warming.ts";

/** German. */
export const de: typeof en = {
  name: "Deutsch",
  locale: "de",
  discordLocales: ["de"],
  errors,
  notices,
  phrases,
  commands,
  songs,
  server,
  cache,
  warming,
};
