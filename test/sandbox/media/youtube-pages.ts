/** YouTube's web pages, as far as extractors read them: settings, initial data, the player script. */
import type { SongEntry } from "./catalogue.ts";
import { nextAnswer } from "./youtube-lists.ts";
import { playerAnswer } from "./youtube-player.ts";

export const PLAYER_PATH = "/s/player/0000dead/player_ias.vflset/en_US/base.js";

const SETTINGS = {
  INNERTUBE_API_KEY: "local",
  INNERTUBE_API_VERSION: "v1",
  INNERTUBE_CLIENT_NAME: "WEB",
  INNERTUBE_CLIENT_VERSION: "2.20261101.00.00",
  INNERTUBE_CONTEXT_CLIENT_NAME: 1,
  PLAYER_JS_URL: PLAYER_PATH,
  STS: 20000,
  VISITOR_DATA: "bG9jYWw",
  INNERTUBE_CONTEXT: {
    client: {
      hl: "en",
      gl: "US",
      clientName: "WEB",
      clientVersion: "2.20261101.00.00",
      visitorData: "bG9jYWw",
    },
  },
};

/** Any page with initial data: home, a playlist. */
export function webPage(initialData: unknown): string {
  return `<!doctype html><html><head><title>YouTube</title>
<script>ytcfg.set(${JSON.stringify(SETTINGS)});</script>
<script>var ytInitialData = ${JSON.stringify(initialData)};</script>
</head><body></body></html>`;
}

export function watchPage(entry: SongEntry | undefined): string {
  const player = entry ? playerAnswer(entry, entry.song.id) : playerAnswer(undefined, "");
  return `${webPage(nextAnswer(entry))}
<script>var ytInitialPlayerResponse = ${JSON.stringify(player)};var meta = 1;</script>
<script src="${PLAYER_PATH}"></script><script>({"jsUrl":"${PLAYER_PATH}"})</script>`;
}

export function embedPage(): string {
  return `<!doctype html><script>ytcfg.set(${JSON.stringify(SETTINGS)});</script>
<script>({"jsUrl":"${PLAYER_PATH}"})</script>`;
}

/** Just enough for programs that look for a few names in it; nothing here is a real signature algorithm. */
export function playerScript(): string {
  return `'use strict';var Q="a{b".split("{");var signatureTimestamp=20000;`;
}
