import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FsBlobStore } from "../../src/storage/fs.ts";
import { describeBlobStore } from "../contracts/blob-store.ts";

const PROFILE = "standard-0123abcd";
const REF = `${PROFILE}/dQw4w9WgXcQ.opus`;

function storeIn(folder: string): FsBlobStore {
  return new FsBlobStore({ root: path.join(folder, "audio"), quarantine: path.join(folder, "quarantine") });
}

describeBlobStore("a folder", async (folder) => ({
  store: storeIn(folder),
  quarantined: async () => {
    const names = await readdir(path.join(folder, "quarantine"));
    return Promise.all(names.map((name) => readFile(path.join(folder, "quarantine", name))));
  },
}));

describe("a folder with foreign things in it", () => {
  let folder: string;
  let store: FsBlobStore;
  let secret: string;
  const at = (ref: string): string => path.join(folder, "audio", ref);
  const draft = async (): Promise<string> => {
    const file = path.join(folder, "draft");
    await writeFile(file, "song");
    return file;
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "encore-zoo-"));
    store = storeIn(folder);
    secret = path.join(folder, "secret");
    await writeFile(secret, "secret");
    await mkdir(at(PROFILE), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const zoo: Record<string, () => Promise<unknown>> = {
    "a symbolic link": () => symlink(secret, at(REF)),
    "a dangling link": () => symlink(path.join(folder, "nowhere"), at(REF)),
    "a folder": () => mkdir(at(REF)),
    "a named pipe": async () => execFileSync("mkfifo", [at(REF)]),
  };

  it.each(Object.keys(zoo))("does not open %s", async (kind) => {
    await zoo[kind]?.();
    expect(await store.open(REF)).toBeUndefined();
    expect(await store.stat(REF)).toBeUndefined();
    expect(await Array.fromAsync(store.list())).toEqual([]);
  });

  it.each(Object.keys(zoo))("says so when %s has the name of a song, and harms nothing", async (kind) => {
    await zoo[kind]?.();
    await expect(store.publish(REF, await draft())).rejects.toMatchObject({ code: "CACHE_UNWRITABLE" });
    expect(await readdir(at(PROFILE))).toEqual(["dQw4w9WgXcQ.opus"]);
    expect(await readFile(secret, "utf8")).toBe("secret");
  });

  it.each(Object.keys(zoo))("can set %s aside, and then has room for the song", async (kind) => {
    await zoo[kind]?.();
    expect(await store.setAside(REF)).toBe(true);
    expect(await store.publish(REF, await draft())).toBe("published");
    expect(await readFile(secret, "utf8")).toBe("secret");
  });

  it("removes a link, not what it points to, and no folder", async () => {
    await zoo["a symbolic link"]?.();
    expect(await store.remove(REF)).toBe(true);
    expect(await readFile(secret, "utf8")).toBe("secret");
    await mkdir(at(REF));
    await writeFile(path.join(at(REF), "inside"), "kept");
    await expect(store.remove(REF)).rejects.toMatchObject({ code: "CACHE_UNWRITABLE" });
    expect(await readFile(path.join(at(REF), "inside"), "utf8")).toBe("kept");
  });

  it("is not fooled by a file where the profile's folder should be", async () => {
    await rm(at(PROFILE), { recursive: true });
    await writeFile(at(PROFILE), "");
    expect(await store.open(REF)).toBeUndefined();
    await expect(store.publish(REF, await draft())).rejects.toMatchObject({ code: "CACHE_UNWRITABLE" });
  });

  it("lists only files whose names are ours", async () => {
    await store.publish(REF, await draft());
    for (const name of [".DS_Store", "dQw4w9WgXcQ.opus.part", "notes.txt", "dQw4w9WgXcQ"])
      await writeFile(path.join(at(PROFILE), name), "");
    await mkdir(at("holiday pictures"));
    await writeFile(at("holiday pictures/dQw4w9WgXcQ.opus"), "");
    await writeFile(at("loose.opus"), "");
    expect((await Array.fromAsync(store.list())).map(({ ref }) => ref)).toEqual([REF]);
  });

  it("publishes read-only files", async () => {
    await store.publish(REF, await draft());
    expect((await stat(at(REF))).mode & 0o777).toBe(0o444);
  });
});
