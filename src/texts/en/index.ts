import { type ErrorCode, ERRORS } from "../../core/errors.ts";
import { type NoticeKind, NOTICES } from "../../core/notices.ts";
import { PHRASES, type PhraseName } from "../../core/sentence.ts";
import { cache } from "./cache.ts";
import { commands } from "./commands/index.ts";
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

/** English, which defines the texts there are. The sentences of errors and notices are in the tables that the log uses too. */
export const en = {
  name: "English",
  /** BCP 47 tag, for Intl. */
  locale: "en",
  /** Locales of Discord that mean this language. */
  discordLocales: ["en-US", "en-GB"] as readonly string[],
  errors: Object.fromEntries(
    Object.entries(ERRORS).map(([code, { message }]) => [code, message]),
  ) as Readonly<Record<ErrorCode, string>>,
  notices: NOTICES as Readonly<Record<NoticeKind, string>>,
  phrases: PHRASES as Readonly<Record<PhraseName, string>>,
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
