import { expect, it } from "vitest";
import { exportName } from "../../src/maintenance/export-track.ts";
import { keyOf } from "./cache-lab.ts";

const nameOf = (title: string, artist = ""): string => exportName(keyOf(1), { title, artist });

it.each([
  ["Song", "Band", "Band - Song [song__00001].opus"],
  ["Song", "  ", "Song [song__00001].opus"],
  ["../../etc/passwd", "", "etc passwd [song__00001].opus"],
  ["..", "", "[song__00001].opus"],
  ["-rf /", "", "rf [song__00001].opus"],
  ['a<b>c:d"e|f?g*h\\i', "", "a b c d e f g h i [song__00001].opus"],
  ["CON", "", "CON [song__00001].opus"],
  ["two\nlines\u0000\u202Eevil", "", "two lines evil [song__00001].opus"],
  ["Grüße 🎵", "", "Grüße 🎵 [song__00001].opus"],
  ["ends in dots...", "", "ends in dots [song__00001].opus"],
])("names %j by %j safely: %s", (title, artist, name) => {
  expect(nameOf(title, artist)).toBe(name);
});

it("cuts long titles between characters, and needs none", () => {
  const name = nameOf("🎵".repeat(200));
  expect(Buffer.byteLength(name)).toBeLessThan(200);
  expect(name).toMatch(/^(?:🎵){37} \[song__00001\]\.opus$/u);
  expect(exportName(keyOf(1), undefined)).toBe("[song__00001].opus");
});
