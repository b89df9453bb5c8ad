import { describe, expect, it } from "vitest";
import { AppError, type ErrorCode, ERRORS, errorKind } from "../../src/core/errors.ts";
import { retryPauseMs } from "../../src/policy/retry.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const pauses = (code: ErrorCode): number[] =>
  [1, 2, 3, 4, 5, 6, 7, 2_000].map((tries) => retryPauseMs(new AppError(code), tries));

describe("how long a failure is remembered", () => {
  it("is hours for what is gone", () => {
    for (const code of ["VIDEO_REMOVED", "PRIVATE_VIDEO", "AGE_RESTRICTED"] as const)
      expect(new Set(pauses(code))).toEqual(new Set([6 * HOUR_MS]));
  });

  it("doubles from half a minute to a quarter of an hour where the source refuses", () => {
    const expected = [0.5, 1, 2, 4, 8, 15, 15, 15].map((minutes) => minutes * MINUTE_MS);
    expect(pauses("MEDIA_FORBIDDEN")).toEqual(expected);
    expect(pauses("RATE_LIMITED")).toEqual(expected);
  });

  it("is seconds for the network and for the disk", () => {
    for (const code of [
      "SOURCE_UNREACHABLE",
      "DOWNLOAD_INCOMPLETE",
      "AUDIO_INCOMPLETE",
      "DISK_FULL",
    ] as const)
      expect(new Set(pauses(code))).toEqual(new Set([5 * SECOND_MS]));
  });

  it("is nothing for a skip, for our own bugs and for what the operator repairs", () => {
    for (const code of [
      "ABORTED",
      "INTERNAL",
      "FFMPEG_MISSING",
      "EXTRACTOR_MISSING",
      "TRACK_TOO_LONG",
    ] as const)
      expect(new Set(pauses(code))).toEqual(new Set([0]));
  });

  it("fits the error's table for every code", () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[])
      expect(retryPauseMs(new AppError(code), 1) === 0).toBe(errorKind(code).memory === "none");
  });
});
