import { expect, it } from "vitest";
import { audioProfiles } from "../../src/core/audio-profiles.ts";
import { audioTags } from "../../src/core/audio-tags.ts";
import { identityOf, trackOf } from "../../src/maintenance/tags.ts";
import { youtubeTrack } from "../fakes/tracks.ts";

it("what is written into a file tells whose recording it is", () => {
  const { night } = audioProfiles({ loudnessTargetLufs: -14, truePeakCeilingDbtp: -1, bitrateKbps: 128 });
  const track = youtubeTrack("dQw4w9WgXcQ");
  const tags = audioTags(track, night.id);
  expect(identityOf({ tags })).toEqual({ key: track.id, profileId: night.id });
  expect(trackOf({ tags, durationMs: 1_000 })).toEqual(track);
});
