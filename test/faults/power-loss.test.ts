/** Every state a disk may be in after the power went, found by the operations that the real code did. */
import type { FileHandle } from "node:fs/promises";
import * as real from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Transcoder } from "../../src/audio/transcoder.ts";
import { disagreements } from "./lab/agreement.ts";
import { type DiskState, type Operation, statesAfterCrash } from "./lab/power-loss.ts";
import { quickTranscoder } from "./lab/quick-transcoder.ts";
import { SharedCache } from "./lab/shared-cache.ts";
import { loadMaterial, makeMaterial, type Material, PROFILE, sha256, song, songId } from "./lab/songs.ts";

/** Below this folder every operation on files is written down while a recording runs. */
const recorder = vi.hoisted(() => ({
  root: "",
  operations: undefined as Operation[] | undefined,
  files: 0,
  names: new Map<string, number>(),
}));

function note(operation: Operation): void {
  recorder.operations?.push(operation);
}

/** The path below the recorded folder; `undefined` = somewhere else. */
function inside(file: unknown): string | undefined {
  const name = String(file);
  const isInside = recorder.operations !== undefined && name.startsWith(`${recorder.root}/`);
  return isInside && !name.includes("/data/") ? name.slice(recorder.root.length + 1) : undefined;
}

function watch(handle: FileHandle, name: string, isFolder: boolean): FileHandle {
  const [write, sync] = [handle.write.bind(handle), handle.sync.bind(handle)];
  const file = recorder.names.get(name) ?? 0;
  handle.write = (async (buffer: Buffer) => {
    const result = await write(buffer);
    note({ kind: "write", file, bytes: Buffer.from(buffer) });
    return result;
  }) as FileHandle["write"];
  handle.sync = async () => {
    await sync();
    note(isFolder ? { kind: "sync folder", path: name } : { kind: "sync", file });
  };
  return handle;
}

vi.mock("node:fs/promises", async (importOriginal) => {
  const fs = await importOriginal<typeof real>();
  const move =
    (kind: "link" | "rename", work: typeof fs.link): typeof fs.link =>
    async (from, to) => {
      await work(from, to);
      const [source, target] = [inside(from), inside(to)];
      if (source === undefined || target === undefined) return;
      note({ kind, from: source, to: target });
      const file = recorder.names.get(source);
      if (file !== undefined) recorder.names.set(target, file);
    };
  return {
    ...fs,
    link: move("link", fs.link),
    rename: move("rename", fs.rename),
    open: async (...args: Parameters<typeof fs.open>) => {
      const name = inside(args[0]);
      if (name === undefined) return fs.open(...args);
      const was = await fs.stat(args[0]).catch(() => undefined);
      const handle = await fs.open(...args);
      if (!was) {
        recorder.names.set(name, (recorder.files += 1));
        note({ kind: "create", path: name, file: recorder.files });
      }
      return watch(handle, name, was?.isDirectory() ?? false);
    },
    mkdir: async (...args: Parameters<typeof fs.mkdir>) => {
      const made = await fs.mkdir(...args);
      const name = made === undefined ? undefined : inside(args[0]);
      if (name !== undefined) note({ kind: "make folder", path: name });
      return made;
    },
    rm: async (...args: Parameters<typeof fs.rm>) => {
      const name = inside(args[0]);
      const was = await fs.lstat(args[0]).catch(() => undefined);
      await fs.rm(...args);
      if (name !== undefined && was) note({ kind: "unlink", path: name });
    },
  };
});

const TRACK = song(3);
const HOME = `audio/${PROFILE.id}/${songId(3)}.opus`;

let home: string;
let material: Material;
let shared: SharedCache;
/** Which of two files of the same size the transcoder writes: a song changes when it is fetched anew. */
let take = 1;

beforeAll(async () => {
  home = await real.mkdtemp(path.join(tmpdir(), "encore-power-"));
  await makeMaterial(home);
  material = await loadMaterial(home);
  recorder.root = path.join(home, "cache");
  const quick = quickTranscoder(material);
  const transcoder: Transcoder = {
    ...quick,
    normalize: (request, signal) =>
      quick.normalize({ ...request, tags: { ...request.tags, TAKE: String(take) } }, signal),
  };
  shared = await SharedCache.open(recorder.root, { material, transcoder });
  tellCommits();
});
afterAll(async () => {
  await shared.close();
  await real.rm(home, { recursive: true, force: true });
});

/** After each write of a row the row belongs to the record. */
function tellCommits(): void {
  const { index } = shared;
  for (const name of ["save", "markEvicting", "markEvicted", "markReady", "markReplacing"] as const) {
    const write = index[name].bind(index) as (...args: unknown[]) => Promise<unknown>;
    Object.defineProperty(index, name, {
      value: async (...args: unknown[]) => {
        const result = await write(...args);
        if (recorder.operations) note({ kind: "commit", row: JSON.stringify(await rowsNow()) });
        return result;
      },
    });
  }
}

async function rowsNow(): Promise<unknown[]> {
  return shared.db.selectFrom("cache_entries").selectAll().execute();
}

/** What is on the disk now. */
async function lookAtDisk(): Promise<DiskState> {
  const folders = new Set<string>();
  const files = new Map<string, Buffer>();
  for (const entry of await real.readdir(recorder.root, { recursive: true, withFileTypes: true })) {
    const name = path.relative(recorder.root, path.join(entry.parentPath, entry.name));
    if (/^(data|logs)/u.test(name)) continue;
    if (entry.isDirectory()) folders.add(name);
    else files.set(name, await real.readFile(path.join(recorder.root, name)));
  }
  return { folders, files, row: JSON.stringify(await rowsNow()) };
}

/** Makes the disk and the rows be like this. */
async function restore(state: DiskState): Promise<void> {
  for (const folder of ["audio", "work", "quarantine"])
    await real.rm(shared.at(folder), { recursive: true, force: true });
  for (const folder of [...state.folders].toSorted())
    await real.mkdir(shared.at(folder), { recursive: true });
  for (const [name, bytes] of state.files) await real.writeFile(shared.at(name), bytes);
  await shared.db.deleteFrom("cache_entries").execute();
  await shared.db.deleteFrom("failures").execute();
  const rows = JSON.parse(state.row) as never[];
  if (rows.length > 0) await shared.db.insertInto("cache_entries").values(rows).execute();
}

const nothing = (): DiskState => ({
  folders: new Set(["audio", "work", "quarantine"]),
  files: new Map(),
  row: "[]",
});

/** Does the work from a state and tells what it did to the disk. */
async function record(before: DiskState, work: () => Promise<unknown>): Promise<Operation[]> {
  await restore(before);
  recorder.operations = [];
  // Names of files that were there before are counted down, as the model does.
  recorder.names = new Map([...before.files.keys()].map((name, at) => [name, -1 - at]));
  try {
    await work();
    return recorder.operations;
  } finally {
    recorder.operations = undefined;
  }
}

/** States by what matters in them: nobody reads what is in scratch files. */
function distinct(states: Iterable<DiskState>): { all: number; different: DiskState[] } {
  let all = 0;
  const found = new Map<string, DiskState>();
  for (const state of states) {
    all += 1;
    const files = [...state.files].map(([name, bytes]) =>
      name.startsWith("work/") ? name : `${name} ${sha256(bytes)}`,
    );
    found.set([...files.toSorted(), ...[...state.folders].toSorted(), state.row].join("\n"), state);
  }
  return { all, different: [...found.values()] };
}

/** What a person would have to complain about after this crash. */
async function complaints(state: DiskState): Promise<string[]> {
  const wrong: string[] = [];
  await restore(state);
  const { audio } = await shared.hear(TRACK);
  const file = await real.readFile(shared.at("audio", audio.entry.blobRef));
  if (sha256(file) !== audio.entry.sha256) wrong.push("plays bytes that its row does not know");
  wrong.push(...(await disagreeing("play, then reconcile")));
  await restore(state);
  wrong.push(...(await disagreeing("reconcile")));
  const again = await shared.hear(TRACK);
  if (again.packets.length < 20) wrong.push("does not play to its end");
  return wrong;
}

async function disagreeing(after: string): Promise<string[]> {
  const { failed } = await shared.reconcile();
  const { steps } = await shared.reconcile();
  const found = await disagreements(shared, material);
  // A damaged file was set aside, as it should be.
  const wrong = found.filter((sentence) => !sentence.startsWith("quarantine/"));
  if (failed > 0) wrong.push("something could not be done");
  if (steps.length > 0) wrong.push(`a second reconcile did ${JSON.stringify(steps)}`);
  return wrong.map((sentence) => `${after}: ${sentence}`);
}

const play = (): Promise<unknown> => shared.hear(TRACK);

/** Disk states to begin with, and what is done then. */
const SCENES: Readonly<Record<string, () => Promise<{ before: DiskState; work: () => Promise<unknown> }>>> = {
  "the first song": () => Promise.resolve({ before: nothing(), work: play }),
  "a refresh by a file of the same size": async () => {
    await restore(nothing());
    take = 1;
    await play();
    take = 2;
    return { before: await lookAtDisk(), work: () => shared.refresh(TRACK) };
  },
  "a removal": async () => {
    await restore(nothing());
    await play();
    return { before: await lookAtDisk(), work: () => shared.clear() };
  },
  "a damaged file that is set aside and fetched again": async () => {
    await restore(nothing());
    await play();
    const sound = await lookAtDisk();
    const files = new Map(sound.files).set(HOME, Buffer.from("torn"));
    return { before: { ...sound, files }, work: play };
  },
  "a removal and the same song again": async () => {
    await restore(nothing());
    await play();
    const work = async (): Promise<void> => {
      await shared.clear();
      await play();
    };
    return { before: await lookAtDisk(), work };
  },
};

describe("after a power loss during", () => {
  it.each(Object.keys(SCENES))(
    "%s, whatever is on the disk plays right or is fetched again",
    async (name) => {
      const scene = await SCENES[name]?.();
      if (!scene) throw new Error("no such scene");
      const operations = await record(scene.before, scene.work);
      expect(new Set(operations.map(({ kind }) => kind))).toContain("commit");
      // A refresh alone relies on a database that keeps what it has committed, which `synchronous=FULL` promises.
      const losesCommits = !name.includes("refresh");
      const { all, different } = distinct(statesAfterCrash(scene.before, operations, { losesCommits }));
      const wrong: string[] = [];
      for (const state of different) wrong.push(...(await complaints(state)));
      process.stdout.write(
        `power loss, ${name}: ${operations.length} operations, ${all} states, ${different.length} different, ${wrong.length} violations\n`,
      );
      expect([...new Set(wrong)]).toEqual([]);
    },
  );

  it("a publish without syncs, wrong bytes would play: the model can see that", async () => {
    const before = nothing();
    const operations = await record(before, play);
    const unsynced = operations.filter(({ kind }) => kind !== "sync" && kind !== "sync folder");
    const { different } = distinct(statesAfterCrash(before, unsynced, { losesCommits: false }));
    const wrong: string[] = [];
    for (const state of different) {
      await restore(state);
      const row = await shared.index.find(songId(3) as never, PROFILE.id);
      const bytes = state.files.get(HOME);
      if (row && bytes?.length === row.bytes && sha256(bytes) !== row.sha256) wrong.push("wrong bytes");
    }
    expect(wrong.length).toBeGreaterThan(0);
  });
});
