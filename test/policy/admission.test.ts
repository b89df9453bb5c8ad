import { expect, it } from "vitest";
import {
  type Asked,
  isKept,
  type KeepRule,
  type KeepScope,
  refuseAdmission,
} from "../../src/policy/admission.ts";
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

const MINUTE_MS = 60_000;
const SONG = youtubeTrack(youtubeId(1), { artist: "Beyoncé", durationMs: 30 * MINUTE_MS });
const ASKED: Asked = { guildId: "here", playlistId: "PL1", roomIds: ["text", "voice"] };
/** From the nearest to the widest. */
const ALL: readonly KeepScope[] = [
  { kind: "playlist", name: "PL1" },
  { kind: "channel", name: " beyonce " },
  { kind: "longer", minutes: 20 },
  { kind: "room", name: "voice" },
  { kind: "source", name: "youtube" },
  { kind: "guild" },
];

it("stores what no rule is about", () => {
  expect(isKept([], SONG, ASKED)).toBe(true);
});

it.each(ALL.map((scope, at) => ({ scope, wider: ALL.slice(at + 1) })))(
  "a rule about $scope.kind decides against every wider one",
  ({ scope, wider }) => {
    for (const verdict of ["always", "never"] as const) {
      const others = wider.map((other): KeepRule => ({
        scope: other,
        verdict: verdict === "never" ? "always" : "never",
      }));
      expect(isKept([...others, { scope, verdict }], SONG, ASKED)).toBe(verdict === "always");
    }
  },
);

it.each<[KeepScope, Partial<typeof SONG>, Partial<Asked>]>([
  [{ kind: "playlist", name: "PL1" }, {}, { playlistId: undefined }],
  [{ kind: "playlist", name: "PL1" }, {}, { playlistId: "PL2" }],
  [{ kind: "channel", name: "Beyoncé" }, { artist: "" }, {}],
  [{ kind: "channel", name: "Beyond" }, {}, {}],
  [{ kind: "longer", minutes: 30 }, {}, {}],
  [{ kind: "shorter", minutes: 30 }, {}, {}],
  [{ kind: "longer", minutes: 1 }, { durationMs: null }, {}],
  [{ kind: "shorter", minutes: 90 }, { durationMs: null }, {}],
  [{ kind: "room", name: "kitchen" }, {}, {}],
  [{ kind: "room", name: "text" }, {}, { roomIds: undefined }],
  [{ kind: "source", name: "direct" }, {}, {}],
])("a rule about %j says nothing of other songs: %j %j", (scope, facts, asked) => {
  expect(isKept([{ scope, verdict: "never" }], { ...SONG, ...facts }, { ...ASKED, ...asked })).toBe(true);
});

it("of rules that are equally near one never is enough", () => {
  const rules: KeepRule[] = [
    { scope: { kind: "room", name: "text" }, verdict: "always" },
    { scope: { kind: "room", name: "voice" }, verdict: "never" },
  ];
  expect(isKept(rules, SONG, ASKED)).toBe(false);
  expect(isKept(rules, SONG, { ...ASKED, roomIds: ["text"] })).toBe(true);
});
