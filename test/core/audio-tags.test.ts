import { expect, it } from "vitest";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import { audioTags, identityOf, trackOf } from "../../src/core/audio-tags.ts";
import { youtubeTrack } from "../fakes/tracks.ts";

it("what is written into a file tells whose recording it is", () => {
  const { night } = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
  const track = youtubeTrack("dQw4w9WgXcQ");
  const tags = audioTags(track, night.id);
  expect(identityOf({ tags })).toEqual({ key: track.id, profileId: night.id });
  expect(trackOf({ tags, durationMs: 1_000 })).toEqual(track);
});

it.each([
  ["nothing", {}],
  ["an ID that would be a path", { ENCORE_SOURCE: "direct", ENCORE_ID: "../../etc/passwd", TITLE: "Title" }],
  ["an ID of another shape", { ENCORE_SOURCE: "youtube", ENCORE_ID: "short", TITLE: "Title" }],
  ["no ID", { ENCORE_SOURCE: "youtube", TITLE: "Title" }],
])("a file with %s says nothing", (_what, tags) => {
  const profile: Record<string, string> = { ENCORE_PROFILE: "night-00000000" };
  expect(identityOf({ tags: { ...profile, ...tags } })).toBeUndefined();
  expect(trackOf({ tags: { ...profile, ...tags }, durationMs: 1 })).toBeUndefined();
});

it.each(["javascript:alert(1)", "not a link", "file:///etc/passwd", "https://"])(
  "the link %j is not taken from a file",
  (ENCORE_URL) => {
    const tags = { ENCORE_SOURCE: "direct", ENCORE_ID: "abc", TITLE: "Title", ENCORE_URL };
    expect(trackOf({ tags, durationMs: 1 })).toMatchObject({ title: "Title", url: "" });
  },
);

it("a file that is faster than its recording says so, and an impossible tempo is not believed", () => {
  const track = { ...youtubeTrack("dQw4w9WgXcQ"), durationMs: 100_000 };
  const { night } = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
  const tags = audioTags(track, night.id, 1.25);
  expect(trackOf({ tags, durationMs: 80_000 })?.durationMs).toBe(100_000);
  for (const ENCORE_TEMPO of ["0", "-1", "1e9", "NaN"])
    expect(trackOf({ tags: { ...tags, ENCORE_TEMPO }, durationMs: 80_000 })?.durationMs).toBe(80_000);
});
