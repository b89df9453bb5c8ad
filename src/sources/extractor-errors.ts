// What extractors say when they fail, as codes. YouTube is always asked in English, so its texts are stable.
import { AppError } from "../core/errors.ts";
import type { ErrorCode } from "../core/errors.ts";
import { redact } from "./untrusted-text.ts";

interface Rule {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
  /** The telling text may be in a warning, while the error itself is a general one. */
  readonly inWarnings?: true;
  /** yt-dlp's second tier, with a JavaScript runtime, may succeed. */
  readonly secondTier?: true;
}

/**
 * First match wins. Texts of yt-dlp 2026.08 (its YouTube extractor and downloader) and of YouTube's own
 * `playabilityStatus.reason`, which all extractors pass on.
 */
const RULES: readonly Rule[] = [
  rule("RATE_LIMITED", /HTTP Error (?:429|402)|Too Many Requests|rate-limited by YouTube/iu, "warnings"),
  rule("RATE_LIMITED", /content isn.t available, try again later/iu),
  rule("BOT_CHECK", /confirm you.re not a bot|captcha challenge/iu, "tier 2"),
  rule("AGE_RESTRICTED", /confirm your age|age-restricted|inappropriate for some users/iu, "tier 2"),
  rule("MEMBERS_ONLY", /members-only|Join this channel|this channel.s members/iu),
  rule("PAID_CONTENT", /Music Premium members|YouTube Premium|requires payment|only available for rent/iu),
  rule("PRIVATE_VIDEO", /Private video|video is private/iu),
  rule("NOT_STARTED", /Premieres? (?:in|on|will)|live event will begin|Offline\.?$/imu),
  rule("LIVE_ENDED", /live event has ended|live stream recording is not available/iu),
  rule("REGION_BLOCKED", /in your country|from your location|geo.?restrict|might want to use a VPN/iu),
  rule("PLAYLIST_UNAVAILABLE", /YouTube said: .*(?:does not exist|unviewable)/iu),
  rule(
    "VIDEO_REMOVED",
    /removed by the uploader|account .* terminated|no longer available|copyright|violat|does not exist/iu,
  ),
  rule("VIDEO_REMOVED", /Video unavailable|This video is (?:unavailable|not available)/iu, "tier 2"),
  rule("DRM_PROTECTED", /DRM protected/iu),
  rule("MEDIA_FORBIDDEN", /unable to download video data: HTTP Error 4(?:0[0134]|10)/iu),
  rule("FILE_TOO_LARGE", /File too large/iu),
  rule("DISK_FULL", /No space left on device|unable to write data/iu),
  rule(
    "DOWNLOAD_INCOMPLETE",
    /Downloaded \d+ bytes, expected \d+|IncompleteRead|Did not get any data blocks/iu,
  ),
  rule("DOWNLOAD_INCOMPLETE", /fragment \d+ not found|video data: HTTP Error 416/iu),
  rule(
    "SOURCE_UNREACHABLE",
    /Name or service not known|Temporary failure in name resolution|Connection refused|Connection reset|timed out/iu,
  ),
  rule(
    "SOURCE_UNREACHABLE",
    /Network is unreachable|CERTIFICATE_VERIFY_FAILED|Remote end closed|Giving up after \d+ retries/iu,
  ),
  // The error that follows only says that there are no formats.
  rule("SOURCE_UNREACHABLE", /Unable to download API page: (?!HTTP Error 4)/iu, "warnings"),
  rule("SOURCE_UNREACHABLE", /HTTP Error 5\d\d|TransportError/iu),
  rule(
    "UNSUPPORTED_LINK",
    /Unsupported URL|No suitable extractor|is not a valid URL|Incomplete YouTube ID/iu,
  ),
  rule("UNSUPPORTED_LINK", /file:\/\/ URLs are disabled/iu),
  rule(
    "EXTRACTOR_BROKEN",
    /Failed to extract any player response|Unable to extract|No video formats found|please report this issue/iu,
    "warnings",
    "tier 2",
  ),
  rule(
    "EXTRACTOR_BROKEN",
    /Requested format is not available|challenge solving failed|forcing SABR|require a GVS PO Token|Only images are/iu,
    "warnings",
    "tier 2",
  ),
];

export interface Failure {
  readonly code: ErrorCode;
  readonly secondTier: boolean;
}

/** What a text of an extractor means; `undefined` = a text nobody has seen yet. */
export function recognizeFailure(text: string): Failure | undefined {
  const errors = withoutWarnings(text);
  const found = RULES.find(({ pattern, inWarnings }) => pattern.test(inWarnings ? text : errors));
  return found && { code: found.code, secondTier: found.secondTier ?? false };
}

/** An error whose `context.detail` is safe to log: no signed address, no IP, no cookie, at most 2000 characters. */
export function extractorError(code: ErrorCode, detail: string, cause?: unknown): AppError {
  return new AppError(code, { detail: redact(detail) }, { cause });
}

/** A text of YouTube or a library as an error; a text nobody knows means that something changed there. */
export function errorFromText(text: string, cause?: unknown): AppError {
  return extractorError(recognizeFailure(text)?.code ?? "EXTRACTOR_BROKEN", text, cause);
}

function withoutWarnings(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("WARNING:"))
    .join("\n");
}

function rule(code: ErrorCode, pattern: RegExp, ...traits: readonly ("warnings" | "tier 2")[]): Rule {
  return {
    code,
    pattern,
    ...(traits.includes("warnings") && { inWarnings: true as const }),
    ...(traits.includes("tier 2") && { secondTier: true as const }),
  };
}
