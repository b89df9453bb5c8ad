import { readFile, readdir, readlink, utimes } from "node:fs/promises";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { installYtDlp, isInstallDue, pipEnvironment, venvDirectory } from "../../src/app/yt-dlp-install.ts";
import type { YtDlpInstallOptions } from "../../src/app/yt-dlp-install.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import { createMachine } from "./machine.ts";
import type { Machine } from "./machine.ts";

const never = new AbortController().signal;

/** `python3 -m venv DIR` that makes an environment whose pip notes its arguments and installs a yt-dlp. */
function fakePython(options: { readonly refuse: string; readonly version: string }): string {
  return `
mkdir -p "$3/bin"
cat > "$3/bin/pip" <<'PIP'
#!/bin/sh
echo "$@" >> pip.log
env >> pip.env
for last; do :; done
[ "$last" = "${options.refuse}" ] && exit 1
bin="\${0%/*}"
printf '#!/bin/sh\\necho ${options.version}\\n' > "$bin/yt-dlp"
chmod +x "$bin/yt-dlp"
PIP
chmod +x "$3/bin/pip"`;
}

let machine: Machine;
let options: YtDlpInstallOptions;
let nowMs: number;

beforeEach(async () => {
  machine = await createMachine();
  nowMs = 1_000;
  options = {
    runner: createProcessRunner({ path: machine.searchPath }),
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    toolsDirectory: path.join(machine.root, "tools"),
    environment: { PIP_INDEX_URL: "file:///index" },
  };
});

const inTools = (name: string): string => path.join(options.toolsDirectory, name);

test("it asks pip for yt-dlp with its extras first, then without", async () => {
  await machine.program("python3", fakePython({ refuse: "yt-dlp[default]", version: "2026.08.19" }));
  await expect(installYtDlp(options, never)).resolves.toEqual({ status: "installed", version: "2026.08.19" });
  const asked = (await readFile(inTools("pip.log"), "utf8")).trimEnd().split("\n");
  expect(asked.map((line) => line.split(" ").at(-1))).toEqual(["yt-dlp[default]", "yt-dlp"]);
  expect(await readFile(inTools("pip.env"), "utf8")).toContain("PIP_INDEX_URL=file:///index");
  expect(await readlink(venvDirectory(options.toolsDirectory))).toBe("venv-1000");
});

test("an update replaces the environment at once and keeps the one before", async () => {
  for (const version of ["2026.01.01", "2026.02.02", "2026.03.03"]) {
    nowMs += 1_000;
    await machine.program("python3", fakePython({ refuse: "", version }));
    await installYtDlp(options, never);
  }
  expect(await readlink(venvDirectory(options.toolsDirectory))).toBe("venv-4000");
  const kept = (await readdir(options.toolsDirectory)).filter((name) => name.startsWith("venv"));
  expect(kept.toSorted()).toEqual(["venv", "venv-3000", "venv-4000"]);
});

test("a failed update leaves the environment that works", async () => {
  await machine.program("python3", fakePython({ refuse: "", version: "2026.01.01" }));
  await installYtDlp(options, never);
  nowMs = 2_000;
  await machine.program("python3", fakePython({ refuse: "", version: "broken" }));
  await expect(installYtDlp(options, never)).resolves.toEqual({
    status: "failed",
    reason: "what pip installed does not start",
  });
  expect(await readlink(venvDirectory(options.toolsDirectory))).toBe("venv-1000");
  expect(await readdir(options.toolsDirectory)).not.toContain("venv-2000");
});

test("without Python it says which package would help", async () => {
  await expect(installYtDlp(options, never)).resolves.toMatchObject({
    status: "failed",
    lacks: "python3-venv",
  });
  await machine.program("python3", "exit 1");
  await expect(installYtDlp(options, never)).resolves.toMatchObject({
    status: "failed",
    lacks: "python3-venv",
  });
});

test("a pip that fails is no reason to wait a day", async () => {
  await machine.program(
    "python3",
    fakePython({ refuse: "yt-dlp", version: "" }).replace('= "yt-dlp"', "!= x"),
  );
  await expect(installYtDlp(options, never)).resolves.toMatchObject({ status: "failed" });
  await expect(isInstallDue(options)).resolves.toBe(true);
});

test("after pip gave its newest, it is asked again a day later", async () => {
  await expect(isInstallDue(options)).resolves.toBe(true);
  await machine.program("python3", fakePython({ refuse: "", version: "2026.01.01" }));
  await installYtDlp(options, never);
  await utimes(inTools("yt-dlp-asked"), nowMs / 1_000, nowMs / 1_000);
  nowMs += 86_400_000;
  await expect(isInstallDue(options)).resolves.toBe(false);
  nowMs += 1;
  await expect(isInstallDue(options)).resolves.toBe(true);
});

test("pip sees its own settings, proxies and certificates, and no secret", () => {
  const environment = {
    PIP_INDEX_URL: "a",
    https_proxy: "b",
    NO_PROXY: "c",
    HOME: "/root",
    SSL_CERT_FILE: "d",
    DISCORD_TOKEN: "secret",
    NODE_OPTIONS: "--x",
  };
  expect(pipEnvironment(environment)).toEqual({
    PIP_INDEX_URL: "a",
    https_proxy: "b",
    NO_PROXY: "c",
    HOME: "/root",
    SSL_CERT_FILE: "d",
  });
});
