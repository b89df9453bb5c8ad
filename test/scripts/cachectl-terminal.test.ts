/** What a person at a terminal sees and does; `script` of util-linux is the terminal. */
import { spawn, spawnSync } from "node:child_process";
import { expect, it, vi } from "vitest";
import { PROFILE } from "../db/database.ts";
import { realPackets } from "../maintenance/cache-lab.ts";
import { type CachectlLab, COMMAND, openCachectl } from "./cachectl-lab.ts";

const hasTerminal = spawnSync("script", ["--version"]).status === 0;
const packets = await realPackets();

interface Seen {
  readonly exitCode: number | null;
  readonly screen: string;
  readonly songs: number;
}

/** Types a command, waits for its question and answers with keys. */
async function answer(words: string, keys: string, { lab, env }: CachectlLab): Promise<Seen> {
  await lab.songs(1, 2, 3);
  const child = spawn("script", ["-qec", `'${COMMAND.join("' '")}' ${words}`, "/dev/null"], { env });
  let screen = "";
  child.stdout.on("data", (part: Buffer) => (screen += part.toString()));
  const gone = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  await vi.waitFor(() => expect(screen).toContain("\u25c6"), 20_000);
  child.stdin.write(keys);
  const exitCode = await gone;
  return { exitCode, screen, songs: (await lab.names("audio", PROFILE.id)).length };
}

it.skipIf(!hasTerminal).each([
  { name: "the number", keys: "3\r", exitCode: 0, songs: 0, said: "3 files removed" },
  { name: "another number", keys: "2\r", exitCode: 2, songs: 3, said: "That is not the number (3)" },
  { name: "Ctrl-C", keys: "\u0003", exitCode: 130, songs: 3, said: "That was cancelled." },
  { name: "Ctrl-D", keys: "\u0004", exitCode: 130, songs: 3, said: "That was cancelled." },
])("a clear asks for the number of songs and is answered with $name", async ({ keys, said, ...left }) => {
  const seen = await answer("clear", keys, await openCachectl(packets));
  expect(seen).toMatchObject({ exitCode: left.exitCode, songs: left.songs });
  expect(seen.screen).toContain(said);
  expect(seen.screen).not.toContain("top-level await");
});

it.skipIf(!hasTerminal)("output that nobody reads is no fault, output that is lost is", async () => {
  const { env } = await openCachectl(packets);
  const shell = (tail: string): ReturnType<typeof spawnSync> =>
    spawnSync("bash", ["--norc", "-c", `set -o pipefail; '${COMMAND.join("' '")}' status ${tail}`], { env });
  const unread = shell("| true");
  expect([unread.status, String(unread.stderr)]).toEqual([0, ""]);
  const lost = shell("> /dev/full");
  expect([lost.status, String(lost.stderr)]).toEqual([1, "The output could not be written (ENOSPC).\n"]);
});
