import { expect, it } from "vitest";
import { refuseAdmission } from "../../src/policy/admission.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

const HOUR_MS = 60 * 60 * 1000;

it.each([
  { what: "a song", facts: { durationMs: 240_000 }, code: undefined },
  { what: "exactly the limit", facts: { durationMs: 3 * HOUR_MS }, code: undefined },
  { what: "an unknown length", facts: { durationMs: null }, code: undefined },
  { what: "one millisecond more", facts: { durationMs: 3 * HOUR_MS + 1 }, code: "TRACK_TOO_LONG" },
  { what: "a live stream", facts: { durationMs: null, isLive: true }, code: "LIVE_NOT_SUPPORTED" },
  { what: "a live stream with a length", facts: { durationMs: 1, isLive: true }, code: "LIVE_NOT_SUPPORTED" },
])("answers $what with $code", ({ facts, code }) => {
  const refusal = refuseAdmission(youtubeTrack(youtubeId(1), facts), { maxDurationMs: 3 * HOUR_MS });
  expect(refusal?.code).toBe(code);
});

it("names the limit", () => {
  const refusal = refuseAdmission(youtubeTrack(youtubeId(1), { durationMs: 2 * HOUR_MS }), {
    maxDurationMs: HOUR_MS,
  });
  expect(refusal?.message).toBe("This is longer than the 1:00:00 allowed here. Pick a shorter one.");
});
