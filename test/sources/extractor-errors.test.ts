/** The table of errors: every text that the real programs were seen to print. */
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import { errorFromText, extractorError, recognizeFailure } from "../../src/sources/extractor-errors.ts";

const NO_JS =
  "WARNING: [youtube] No supported JavaScript runtime could be found. Only deno is enabled by default; to use another runtime add  --js-runtimes RUNTIME[:PATH]  to your command/config.";
const REPORT = "please report this issue on  https://github.com/yt-dlp/yt-dlp/issues?q=";

const TEXTS: readonly (readonly [ErrorCode, string])[] = [
  [
    "RATE_LIMITED",
    "ERROR: [youtube] X: This content isn't available, try again later. The current session has been rate-limited by YouTube for up to an hour.",
  ],
  [
    "RATE_LIMITED",
    `WARNING: [youtube] X: Unable to download API page: HTTP Error 429: Too Many Requests (caused by <HTTPError 429: Too Many Requests>)\nERROR: [youtube] X: No video formats found!; ${REPORT}`,
  ],
  ["RATE_LIMITED", "ERROR: unable to download video data: HTTP Error 429: Too Many Requests"],
  [
    "BOT_CHECK",
    "ERROR: [youtube] X: Sign in to confirm you’re not a bot. Use --cookies-from-browser or --cookies for the authentication.",
  ],
  ["BOT_CHECK", "ERROR: [youtube] X: Sign in. YouTube is requiring a captcha challenge before playback"],
  [
    "AGE_RESTRICTED",
    "ERROR: [youtube] X: Sign in to confirm your age. This video may be inappropriate for some users. Use --cookies",
  ],
  [
    "MEMBERS_ONLY",
    "ERROR: [youtube] X: Join this channel to get access to members-only content like this video, and other exclusive perks.",
  ],
  ["PAID_CONTENT", "ERROR: [youtube] X: This video is only available to Music Premium members"],
  ["PAID_CONTENT", "ERROR: [youtube] X: This video requires payment to watch"],
  [
    "PRIVATE_VIDEO",
    "ERROR: [youtube] X: Private video. Sign in if you've been granted access to this video.",
  ],
  ["NOT_STARTED", "ERROR: [youtube] X: Premieres in 2 hours"],
  ["NOT_STARTED", "ERROR: [youtube] X: This live event will begin in 3 days."],
  ["NOT_STARTED", "ERROR: [youtube] X: Offline."],
  ["LIVE_ENDED", "ERROR: [youtube] X: This live event has ended."],
  ["LIVE_ENDED", "ERROR: [youtube] X: This live stream recording is not available."],
  [
    "REGION_BLOCKED",
    "ERROR: [youtube] X: The uploader has not made this video available in your country\nYou might want to use a VPN or a proxy server (with --proxy) to workaround.",
  ],
  ["VIDEO_REMOVED", "ERROR: [youtube] X: Video unavailable. This video has been removed by the uploader"],
  [
    "VIDEO_REMOVED",
    "ERROR: [youtube] X: Video unavailable. This video is no longer available because the YouTube account associated with this video has been terminated.",
  ],
  ["VIDEO_REMOVED", "ERROR: [youtube] X: Video unavailable"],
  ["DRM_PROTECTED", "ERROR: [youtube] X: This video is DRM protected"],
  ["MEDIA_FORBIDDEN", "ERROR: unable to download video data: HTTP Error 403: Forbidden"],
  ["DOWNLOAD_INCOMPLETE", "ERROR: Did not get any data blocks"],
  [
    "DOWNLOAD_INCOMPLETE",
    "ERROR: [download] Got error: Downloaded 1200000 bytes, expected 2111379 bytes. Giving up after 3 retries",
  ],
  ["DOWNLOAD_INCOMPLETE", "ERROR: fragment 4 not found, unable to continue"],
  ["DOWNLOAD_INCOMPLETE", "ERROR: unable to download video data: HTTP Error 416: Range Not Satisfiable"],
  ["SOURCE_UNREACHABLE", "ERROR: [download] Got error: timed out. Giving up after 1 retries"],
  [
    "SOURCE_UNREACHABLE",
    "ERROR: [generic] x: Unable to download webpage: [Errno 111] Connection refused (caused by TransportError('Connection refused'))",
  ],
  [
    "SOURCE_UNREACHABLE",
    `WARNING: [youtube] X: Unable to download API page: Remote end closed connection without response\nERROR: [youtube] X: No video formats found!; ${REPORT}`,
  ],
  ["SOURCE_UNREACHABLE", "ERROR: [youtube] X: Unable to download webpage: HTTP Error 503: Unavailable"],
  [
    "SOURCE_UNREACHABLE",
    "ERROR: <urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer>",
  ],
  [
    "UNSUPPORTED_LINK",
    "ERROR: [youtube:truncated_id] short: Incomplete YouTube ID short. URL looks truncated.",
  ],
  ["UNSUPPORTED_LINK", "ERROR: No suitable extractor found for URL https://example.org/"],
  ["UNSUPPORTED_LINK", "ERROR: [generic] 'SECRETLINE one' is not a valid URL"],
  ["EXTRACTOR_BROKEN", `ERROR: [youtube] X: Failed to extract any player response; ${REPORT}`],
  ["EXTRACTOR_BROKEN", "ERROR: [youtube] X: Requested format is not available."],
  ["DISK_FULL", "ERROR: unable to write data: [Errno 28] No space left on device"],
  ["FILE_TOO_LARGE", "ERROR: unable to write data: [Errno 27] File too large"],
  ["PLAYLIST_UNAVAILABLE", "ERROR: [youtube:tab] PL: YouTube said: The playlist does not exist."],
];

function isSecond(code: ErrorCode): (boolean | undefined)[] {
  return TEXTS.filter(([known]) => known === code).map(([, text]) => recognizeFailure(text)?.secondTier);
}

describe("the table of errors", () => {
  it.each(TEXTS)("%s: %s", (code, text) => {
    expect(recognizeFailure(text)?.code).toBe(code);
    expect(recognizeFailure(`${NO_JS}\n${text}`)?.code).toBe(code);
  });

  it("sends only what a JavaScript runtime may solve to the second tier", () => {
    expect(isSecond("AGE_RESTRICTED")).toEqual([true]);
    expect(isSecond("EXTRACTOR_BROKEN")).toEqual([true, true]);
    expect(isSecond("PRIVATE_VIDEO")).toEqual([false]);
    // Only the bare sentence leaves room for hope.
    expect(isSecond("VIDEO_REMOVED")).toEqual([false, false, true]);
  });

  it("does not take a warning for the error", () => {
    const text =
      "WARNING: [youtube] X: Private video in the list\nERROR: [youtube] X: This video is DRM protected";
    expect(recognizeFailure(text)?.code).toBe("DRM_PROTECTED");
  });

  it("takes a text nobody has seen for a change at the source", () => {
    expect(recognizeFailure("ERROR: [youtube] X: The moon is full")).toBeUndefined();
    expect(errorFromText("The moon is full").code).toBe("EXTRACTOR_BROKEN");
  });
});

describe("what goes into the log", () => {
  it("has no signed address, IP or cookie, and an end", () => {
    const secret =
      "at https://rr1.googlevideo.com/videoplayback?sig=AOq0QJ8&ip=203.0.113.7 from 203.0.113.7 and 2001:db8::7\n" +
      "via http://user:hunter2@proxy:3128/\nCookie: SID=abc\nHTTP Error 403: Forbidden at 12:34:56";
    const { detail } = extractorError("MEDIA_FORBIDDEN", secret).context as { detail: string };
    for (const word of ["AOq0QJ8", "203.0.113.7", "2001:db8", "hunter2", "SID=abc"])
      expect(detail).not.toContain(word);
    expect(detail).toContain("https://rr1.googlevideo.com/…");
    expect(detail).toContain("HTTP Error 403: Forbidden at 12:34:56");
    const long = extractorError("INTERNAL", "x".repeat(1_000_000)).context as { detail: string };
    expect(long.detail).toHaveLength(2000);
  });
});
