/** Finds a real yt-dlp for the tests that need one. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const SETUPS_OWN = fileURLToPath(new URL("../../../data/tools/venv/bin/yt-dlp", import.meta.url));

/** ENCORE_TEST_YTDLP, else what setup installed, else `yt-dlp` on PATH. `undefined` = none; says so loudly. */
export function findRealYtDlp(): string | undefined {
  const onPath = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, "yt-dlp"));
  const found = [process.env["ENCORE_TEST_YTDLP"] ?? "", SETUPS_OWN, ...onPath].find((file) =>
    isRecent(file),
  );
  if (found === undefined) {
    process.stderr.write(
      "\n*** No yt-dlp of 2026.07.04 or newer: the tests with the real program are SKIPPED. ***\n" +
        "*** Install it with npm run setup, or set ENCORE_TEST_YTDLP to its path.         ***\n\n",
    );
  }
  return found;
}

function isRecent(file: string): boolean {
  if (file === "" || !existsSync(file)) return false;
  return execFileSync(file, ["--version"], { encoding: "utf8" }) >= "2026.07.04";
}
