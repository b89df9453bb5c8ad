import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { cacheKey, isYoutubeId, parseCacheKey } from "../../src/core/track.ts";
import { seededRandom } from "../fakes/random.ts";

const SEED = Number(process.env["ENCORE_TEST_SEED"] ?? Date.now() % 1_000_000);
const SAFE = ["a", "b", "Z", "0", "9", "_", "-"];
const UNSAFE = [".", "..", "/", "\\", "\0", "\n", " ", "%2e", "é", "🎵", ":", "youtube", "direct"];

/** Words that are often nearly right: those are the ones a check forgets. */
function words(seed: number): (most: number) => string {
  const random = seededRandom(seed);
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
  const sign = (): string => pick(random() < 0.03 ? UNSAFE : SAFE);
  return (most) => Array.from({ length: Math.floor(random() * (most + 1)) }, sign).join("");
}

function refused(ref: { source: string; id: string }): boolean {
  try {
    cacheKey(ref);
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === "UNSAFE_ID") return true;
    throw error;
  }
}

describe("the key of a recording", () => {
  it("is the video ID itself for YouTube and source.id for the rest", () => {
    expect(cacheKey({ source: "youtube", id: "dQw4w9WgXcQ" })).toBe("dQw4w9WgXcQ");
    expect(cacheKey({ source: "youtube", id: "-_-_-_-_-_-" })).toBe("-_-_-_-_-_-");
    expect(cacheKey({ source: "direct", id: "0a1b2c" })).toBe("direct.0a1b2c");
  });

  it.each([
    { source: "youtube", id: "" },
    { source: "youtube", id: "dQw4w9WgXc" },
    { source: "youtube", id: "dQw4w9WgXcQQ" },
    { source: "youtube", id: "dQw4w9WgXc\n" },
    { source: "youtube", id: "../../../et" },
    { source: "direct", id: "" },
    { source: "direct", id: ".." },
    { source: "direct", id: "a/b" },
    { source: "direct", id: "a.b" },
    { source: "direct", id: "a".repeat(129) },
    { source: "", id: "abc" },
    { source: "Direct", id: "abc" },
    { source: "a/b", id: "abc" },
    { source: "..", id: "abc" },
  ])("is refused for $source / $id", (ref) => {
    expect(refused(ref)).toBe(true);
  });

  it(`never leaves its folder and leads back to its recording, whatever is thrown at it (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const word = words(SEED + 1);
    const seen = new Map<string, string>();
    let accepted = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const ref = { source: random() < 0.5 ? "youtube" : word(3), id: word(13) };
      if (refused(ref)) continue;
      accepted += 1;
      const key = cacheKey(ref);
      expect(key).toMatch(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?$/u);
      expect(parseCacheKey(key)).toEqual({ key, ref });
      const name = JSON.stringify(ref);
      expect(seen.get(key) ?? name).toBe(name);
      seen.set(key, name);
    }
    expect(accepted).toBeGreaterThan(100);
  });
});

describe("a file name", () => {
  it.each([
    "",
    ".",
    "..",
    "a",
    "youtube.dQw4w9WgXcQ",
    "spotify.4uLU6hMCjMI75M1A2tKUQC",
    "apple.1440857781",
    "deezer.3135556",
    ".hidden",
    "direct.",
    "direct.a.b",
    "dQw4w9WgXcQ.part",
    "x/direct.a",
  ])("is not a key: %j", (name) => expect(parseCacheKey(name)).toBeUndefined());

  it(`is a key only when the recording it stands for has that key (seed ${SEED})`, () => {
    const word = words(SEED + 2);
    let accepted = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const name = word(13);
      const parsed = parseCacheKey(name);
      if (!parsed) continue;
      accepted += 1;
      expect(cacheKey(parsed.ref)).toBe(name);
    }
    expect(accepted).toBeGreaterThan(100);
  });
});

describe("a YouTube ID", () => {
  it("has eleven characters and is not the name of a page", () => {
    expect(isYoutubeId("dQw4w9WgXcQ")).toBe(true);
    expect(isYoutubeId("videoseries")).toBe(false);
    expect(isYoutubeId("short")).toBe(false);
  });
});
