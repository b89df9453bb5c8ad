/** When a running download is given up. */
import { describe, expect, it } from "vitest";
import { DownloadMeter, downloadTimeMs } from "../../src/sources/download-meter.ts";

const pace = { firstByteMs: 15_000, minBytesPerSecond: 16_384, windowMs: 30_000 };

function meterAt(): { meter: DownloadMeter; at: (ms: number, bytes: number) => void } {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const meter = new DownloadMeter({ clock, maxBytes: 10_000_000, pace });
  const at = (ms: number, bytes: number): void => {
    nowMs = ms;
    meter.check(bytes);
  };
  return { meter, at };
}

describe("the meter", () => {
  it("says nothing about time before the download has begun, but about size at once", () => {
    const { at } = meterAt();
    at(1_000_000, 0);
    expect(() => at(1_000_001, 10_000_001)).toThrow(expect.objectContaining({ code: "FILE_TOO_LARGE" }));
  });

  it("waits 15 s for the first byte, and longer when the recording is known to come later", () => {
    const { meter, at } = meterAt();
    meter.start(60_000);
    at(15_000, 0);
    expect(() => at(15_001, 0)).toThrow(expect.objectContaining({ code: "SOURCE_UNREACHABLE" }));
    const later = meterAt();
    later.meter.start(60_000, 6_000);
    later.at(21_000, 0);
    expect(() => later.at(21_001, 0)).toThrow(expect.objectContaining({ code: "SOURCE_UNREACHABLE" }));
  });

  it("wants 16 KiB a second over each 30 s, not just on average of all, from the first byte on", () => {
    const { meter, at } = meterAt();
    meter.start(600_000);
    at(10_000, 5_000_000);
    at(39_999, 5_000_001);
    expect(() => at(40_000, 5_000_001)).toThrow(expect.objectContaining({ code: "DOWNLOAD_INCOMPLETE" }));
    const steady = meterAt();
    steady.meter.start(600_000);
    for (let second = 1; second < 200; second++) steady.at(second * 1000, second * 16_384);
    expect(() => steady.at(230_000, 200 * 16_384)).toThrow(
      expect.objectContaining({ code: "DOWNLOAD_INCOMPLETE" }),
    );
  });

  it("ends after three times the length and a minute", () => {
    const { meter, at } = meterAt();
    meter.start(downloadTimeMs(10_000));
    for (let second = 1; second <= 90; second++) at(second * 1000, second * 100_000);
    expect(() => at(90_001, 9_000_001)).toThrow(expect.objectContaining({ code: "DOWNLOAD_INCOMPLETE" }));
  });
});
