// npm run demo: the real bot against a local Discord and a local media source. No account, no internet.
import * as path from "node:path";
import { parseArgs } from "node:util";
import { type DemoResult, playDemo } from "../test/sandbox/demo/scenario.ts";

const ROOT = path.join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });

try {
  const result = await playDemo({
    recordings: path.join(ROOT, "recordings"),
    write: (line) => {
      if (!values.json) console.log(line);
    },
  });
  if (values.json) console.log(JSON.stringify(result, undefined, 2));
  else printTable(result);
  process.exitCode = result.broken.length === 0 ? 0 : 1;
} catch (error) {
  const problem = error instanceof Error ? error.message : String(error);
  if (values.json) console.log(JSON.stringify({ broken: [problem] }));
  console.error(`The demo could not be played: ${problem}\nnpm run doctor says what is missing.`);
  process.exitCode = 1;
}

function printTable({ songs, downloads, files, broken }: DemoResult): void {
  const rows = songs.map((song) => [
    song.guild,
    song.title,
    song.how,
    `${song.firstSoundMs} ms`,
    `${song.frequencyHz.heard} Hz`,
    `${song.loudnessLufs.before.toFixed(1)} → ${song.loudnessLufs.after?.toFixed(1) ?? "silence"} LUFS`,
    `${song.truePeakDbtp?.toFixed(1) ?? "–"} dBTP`,
  ]);
  const head = ["Server", "Song", "How", "First sound", "Tone", "Loudness before → heard", "True peak"];
  console.log(`\n${table([head, ...rows])}\n`);
  console.log(`Downloads: ${downloads}   Files in the cache: ${files.join(", ")}`);
  console.log(
    `What was heard: ${path.relative(process.cwd(), path.dirname(songs[0]?.recording ?? ROOT))}/*.ogg`,
  );
  for (const promise of broken) console.log(`BROKEN: ${promise}`);
  console.log(
    broken.length === 0 ? "Everything happened as promised." : `${broken.length} promises were broken.`,
  );
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
