// What happens when the machine, not the song, is the trouble; and when nobody waits any more.
import { chmod, mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ffmpegHealth, findFfmpeg } from "../../src/audio/find-ffmpeg.ts";
import { until } from "../process/children.ts";
import { createProcessRunner } from "../../src/process/child-runner.ts";
import {
  ffmpeg,
  NEVER,
  removeFolder,
  request,
  runner,
  signal,
  STANDARD,
  temporaryFolder,
  TONES,
  transcoder,
  write,
} from "./media.ts";

const subject = transcoder();
const { prlimit } = await runner.limitsInForce();
let folder: string;
let song: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  song = path.join(folder, "song.webm");
  await ffmpeg(...signal(TONES, 4), "-c:a", "libopus", song);
});
afterAll(() => removeFolder(folder));

async function script(name: string, text: string): Promise<string> {
  const file = await write(folder, name, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

describe("a failure", () => {
  it("is FFMPEG_MISSING without ffmpeg, and with one that cannot be started", async () => {
    const plain = await write(folder, "not-executable", "x");
    const loaderless = await write(folder, "no-loader", "#!/nonexistent/loader\n");
    await chmod(loaderless, 0o755);
    for (const missing of ["no-such-ffmpeg", path.join(folder, "missing"), plain, loaderless])
      await expect(transcoder(missing).normalize(request(folder, song), NEVER)).rejects.toMatchObject({
        code: "FFMPEG_MISSING",
      });
    await expect(transcoder("no-such-ffmpeg").measure(song, NEVER)).rejects.toMatchObject({
      code: "FFMPEG_MISSING",
    });
  });

  it("is DISK_FULL when the disk is, and the name is gone again", async () => {
    const toPath = path.join(folder, "full.opus");
    await symlink("/dev/full", toPath);
    await expect(subject.normalize(request(folder, song, { toPath }), NEVER)).rejects.toMatchObject({
      code: "DISK_FULL",
    });
    expect(await readdir(folder)).not.toContain("full.opus");
  });

  it.runIf(prlimit)("is FILE_TOO_LARGE when a file goes on far beyond its announced length", async () => {
    const noise = path.join(folder, "noise.wav");
    await ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=150:r=48000:a=0.2", "-c:a", "pcm_u8", noise);
    const loud = { ...STANDARD, bitrateKbps: 256 };
    const asked = request(folder, noise, { expectedDurationMs: 1_000, profile: loud });
    const failed = subject.normalize(asked, NEVER);
    await expect(failed).rejects.toThrow(/larger than the [\d.]+ MiB allowed here/u);
    expect(await readdir(folder)).not.toContain("result.opus");
  });

  it("is TRANSCODE_FAILED when ffmpeg crashes, though it had complained of something else", async () => {
    const crashing = await script("crashing", 'echo "[error] No such filter" >&2; kill -SEGV $$');
    const failed = transcoder(crashing).normalize(request(folder, song), NEVER);
    await expect(failed).rejects.toMatchObject({
      code: "TRANSCODE_FAILED",
      context: { killedBy: "SIGSEGV" },
    });
    await expect(subject.measure(await write(folder, "text", "no audio"), NEVER)).rejects.toMatchObject({
      code: "TRANSCODE_FAILED",
    });
  });

  it("is not covered up by an exit code of 0 without a measured loudness", async () => {
    const idle = await script("idle", 'echo "out_time_us=4000000"');
    const failed = transcoder(idle).normalize(request(folder, song), NEVER);
    await expect(failed).rejects.toMatchObject({ code: "TRANSCODE_FAILED" });
  });

  it("is TRANSCODE_FAILED when what was written is not what was asked for", async () => {
    // Writes only a part, and still exits with 0.
    const lazy = await script(
      "lazy",
      'case "$*" in *null*) exec ffmpeg "$@";; *) exec ffmpeg -t 2 "$@";; esac',
    );
    const failed = transcoder(lazy).normalize(request(folder, song), NEVER);
    await expect(failed).rejects.toMatchObject({ code: "TRANSCODE_FAILED", context: { resultMs: 2_000 } });
    const other = await script(
      "other",
      'case "$*" in *null*) exec ffmpeg "$@";; esac; for last; do :; done; ffmpeg "$@" && echo x > "${last#file:}"',
    );
    const wrong = transcoder(other).normalize(request(folder, song), NEVER);
    await expect(wrong).rejects.toMatchObject({
      code: "TRANSCODE_FAILED",
      context: { detail: "Ogg: cut inside a page" },
    });
  });

  it("is INTERNAL when the download is not there: that is our mistake", async () => {
    const failed = subject.normalize(request(folder, path.join(folder, "missing.src")), NEVER);
    await expect(failed).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(subject.measure("/nonexistent", NEVER)).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(subject.inspect("/nonexistent", NEVER)).rejects.toMatchObject({ code: "INTERNAL" });
  });
});

describe("giving up", () => {
  it.each(["measuring", "encoding"])("while %s ends ffmpeg and leaves nothing behind", async (phase) => {
    const long = path.join(folder, "long.flac");
    await ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=600:r=8000", "-c:a", "flac", long);
    const asked = request(folder, long);
    const controller = new AbortController();
    const work = subject.normalize(asked, controller.signal);
    const isReached = async (): Promise<boolean> =>
      phase === "measuring" ? runner.running().length > 0 : (await readdir(folder)).includes("result.opus");
    await until(isReached, phase);
    controller.abort();
    await expect(work).rejects.toMatchObject({ code: "ABORTED" });
    expect(runner.running()).toEqual([]);
    expect(await readdir(folder)).not.toContain("result.opus");
  });
});

describe("finding ffmpeg", () => {
  const nowhere = createProcessRunner({ path: "/nonexistent" });
  const find = (more: Partial<Parameters<typeof findFfmpeg>[0]>): Promise<string | undefined> =>
    findFfmpeg({ runner: nowhere, packagesFrom: path.join(folder, "index.js"), ...more }, NEVER);

  it("takes the configured one, then the one on PATH, then none", async () => {
    const own = await script("own-ffmpeg", 'echo "ffmpeg version 6.1.1 Copyright"');
    expect(await find({ configuredPath: own })).toBe(own);
    expect(await find({ runner, configuredPath: path.join(folder, "missing") })).toBe("ffmpeg");
    expect(await find({ runner })).toBe("ffmpeg");
    expect(await find({})).toBeUndefined();
  });

  it("takes one from npm only when its file is really there", async () => {
    const home = path.join(folder, "node_modules", "ffmpeg-static");
    const other = path.join(folder, "node_modules", "@ffmpeg-installer", "ffmpeg");
    for (const at of [home, other]) await mkdir(at, { recursive: true });
    const binary = path.join(home, "ffmpeg");
    await write(home, "index.js", `module.exports = ${JSON.stringify(binary)};`);
    expect(await find({})).toBeUndefined();
    const installed = await script("installed-ffmpeg", 'echo "ffmpeg version 4.4 Copyright"');
    await write(other, "index.js", `module.exports = { path: ${JSON.stringify(installed)} };`);
    expect(await find({})).toBe(installed);
    await chmod(await write(home, "ffmpeg", '#!/bin/sh\necho "ffmpeg version 5.1 Copyright"\n'), 0o755);
    expect(await find({})).toBe(binary);
  });
});

describe("ffmpeg's health", () => {
  it("is good for the real one", async () => {
    const health = await ffmpegHealth(runner, "ffmpeg", NEVER);
    expect(health).toMatchObject({ path: "ffmpeg", hasLibopus: true, problems: [] });
    expect(health.version).toMatch(/^[nN]?\d/u);
  });

  it("names each problem with what to do", async () => {
    const old = await script(
      "old",
      'case "$2" in -version) echo "ffmpeg version 4.4.2-0ubuntu Copyright";; esac',
    );
    const health = await ffmpegHealth(runner, old, NEVER);
    expect(health).toMatchObject({ version: "4.4.2-0ubuntu", hasLibopus: false });
    expect(health.problems).toEqual([
      expect.stringContaining("4.4.2-0ubuntu is too old. Install 5.1 or newer"),
      expect.stringContaining("no libopus encoder"),
      expect.stringMatching(/lacks .*alimiter.*matroska/u),
    ]);
    const dead = await ffmpegHealth(runner, path.join(folder, "missing"), NEVER);
    expect(dead).toMatchObject({ version: null, problems: [expect.stringContaining("does not run")] });
  });

  it.each(["N-109460-g5b1a5d8", "n7.1", "5.1.9-0+deb12u1", "10.0"])(
    "does not call %s too old",
    async (version) => {
      const fake = await script("fake", `case "$2" in -version) echo "ffmpeg version ${version} x";; esac`);
      const { problems } = await ffmpegHealth(runner, fake, NEVER);
      expect(problems.join(" ")).not.toContain("too old");
    },
  );
});
