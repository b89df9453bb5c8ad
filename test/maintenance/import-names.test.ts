import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readName } from "../../src/maintenance/import-names.ts";

const ID = "dQw4w9WgXcQ";
const OTHER = "-_aB3dE6gH8";
const nothing = (): boolean => false;
const named = (title?: string, isNormalized = false): object => ({
  status: "named",
  id: ID,
  title,
  isNormalized,
});

describe("the ID is found in", () => {
  it.each([
    [`${ID}.webm`, named()],
    [ID, named()],
    [`${ID}.anything`, named()],
    [`${ID}.webm.mp3`, named()],
    [`${ID}.f251.webm`, named()],
    [`${ID} (1).m4a`, named()],
    [`${ID}_normalized.mp3`, named(undefined, true)],
    [`${ID}-normalised (2).mp3`, named(undefined, true)],
    [`${ID}_k3j9x2.mp3`, named()],
    [`${ID}.5f0c1f9e-2b1d-4c3a-9e8f-001122334455.opus`, named()],
    [`Never Gonna Give You Up_${ID}.mp3`, named("Never Gonna Give You Up")],
    [`Never_Gonna_Give_You_Up_${ID}.mp3`, named("Never Gonna Give You Up")],
    [`Never_Gonna_${ID}_normalized.mp3`, named("Never Gonna", true)],
    [`Never_Gonna_${ID}_a8f3e1.mp3`, named("Never Gonna")],
    [`Mr. Blue-${ID}.m4a`, named("Mr. Blue")],
    [`Never Gonna [${ID}].webm`, named("Never Gonna")],
    [`normalized/Never_${ID}.mp3`, named("Never", true)],
    [`audio_cache/youtube-${ID}-Never_Gonna-.webm`, named("Never Gonna")],
    [`audio_cache/youtube-${ID}-Never_Gonna-0a1b2c3d.webm`, named("Never Gonna")],
    [`youtube-${ID}-Never_Gonna.m4a`, named("Never Gonna")],
    [`youtube-${ID}.m4a`, named()],
  ])("%s", (name, expected) => {
    expect(readName(name, nothing)).toEqual(expected);
  });

  it.each([`${OTHER}.webm`, `A title_${OTHER}.mp3`, `youtube-${OTHER}-A_title-.webm`])(
    "%s, although it begins and goes on with separators",
    (name) => expect(readName(name, nothing)).toMatchObject({ id: OTHER }),
  );

  it("98 of 100 names of any title and any ID; the others are left alone, not mistaken", () => {
    const ids = Array.from({ length: 2_000 }, (_zero, index) =>
      createHash("sha256").update(String(index)).digest().subarray(0, 8).toString("base64url"),
    );
    const found = ids.map((id) => ({ id, name: readName(`Artist - Some_Title_${id}.mp3`, nothing) }));
    expect(found.filter(({ name }) => name.status !== "named").length).toBeLessThan(40);
    expect(found.filter(({ id, name }) => name.status === "named" && name.id !== id)).toEqual([]);
  });
});

describe("no recording is made of", () => {
  it.each([
    "Hits_Great_Songs.mp3",
    "Great_Songs.mp3",
    "Best_of_summer_2018.mp3",
    "2Pac_Shakur_Live_at_home.mp3",
    "My_Performance.mp3",
    "Song (Official Video) [Official-HD].mp3",
    "01 - Track.mp3",
    "cover.jpg",
    "",
  ])("%j", (name) => expect(readName(name, nothing)).toEqual({ status: "unnamed" }));

  it("words that look like an ID, unless one of that name is known", () => {
    expect(readName("My_Performance.mp3", (id) => id === "Performance")).toMatchObject({
      id: "Performance",
      title: "My",
    });
    expect(readName("Performance.mp3", (id) => id === "Performance")).toMatchObject({ id: "Performance" });
  });

  it.each([`${ID}.webm.part`, `${ID}.ytdl`, `Never_${ID}.mp3.tmp`, `tmp/${"0a".repeat(64)}`])(
    "what was never finished: %s",
    (name) => expect(readName(name, nothing)).toEqual({ status: "unfinished" }),
  );

  it("another site's", () => {
    expect(readName("soundcloud-123456789-A_title-0a1b2c3d.mp3", nothing)).toEqual({ status: "foreign" });
  });
});

it("a known ID wins over another that looks like one", () => {
  expect(readName(`${ID}_${OTHER}.mp3`, (id) => id === OTHER)).toMatchObject({ id: OTHER });
  expect(readName(`${ID}_${OTHER}.mp3`, (id) => id === ID)).toMatchObject({ id: ID });
});

it("muse's names are hashes", () => {
  const hash = createHash("sha512").update(ID).digest("hex");
  expect(readName(`cache/${hash}`, nothing)).toEqual({ status: "hashed", hash });
});

it("a title loses what would harm a line of text", () => {
  expect(readName(`a\u0000b\u202ec_${ID}.mp3`, nothing)).toMatchObject({ title: "a b c" });
});
