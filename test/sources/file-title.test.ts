import { expect, test } from "vitest";
import { fileTitle } from "../../src/sources/file-title.ts";

test.each([
  ["https://files.example/My%20Song.mp3", undefined, "My Song"],
  ["https://files.example/a/b/song.final.OPUS?x=1", undefined, "song.final"],
  ["https://files.example/", undefined, "files.example"],
  ["https://files.example/%E0%A4%A.mp3", undefined, "%E0%A4%A"],
  ["https://files.example/x.mp3", 'attachment; filename="Real name.flac"', "Real name"],
  ["https://files.example/x.mp3", "attachment; filename=plain.wav", "plain"],
  [
    "https://files.example/x.mp3",
    "attachment; filename=\"x\"; filename*=UTF-8''Na%C3%AFve.mp3",
    "Na\u00EFve",
  ],
  ["https://files.example/x.mp3", 'attachment; filename="../../etc/passwd"', "passwd"],
  ["https://files.example/x.mp3", 'attachment; filename=".mp3"', "x"],
  ["https://files.example/x.mp3", "attachment", "x"],
  ["https://files.example/a%0Ab%1B%5B31m%E2%80%AEc.mp3", undefined, "a b [31m c"],
])("%s with %j is called %j", (link, disposition, title) => {
  expect(fileTitle(new URL(link), disposition)).toBe(title);
});

test("a long name is cut", () => {
  expect(fileTitle(new URL(`https://files.example/${"x".repeat(900)}`), undefined)).toHaveLength(200);
});
