/**
 * What a disk may hold after the power went: every prefix of what was done, and of what was not yet synced any part.
 * Modelled after Pillai et al., "All File Systems Are Not Created Equal" (OSDI 2014).
 */

/** A change of names. Paths are relative to the cache folder. */
export type NameOperation =
  | { readonly kind: "create"; readonly path: string; readonly file: number }
  | { readonly kind: "link"; readonly from: string; readonly to: string }
  | { readonly kind: "rename"; readonly from: string; readonly to: string }
  | { readonly kind: "unlink"; readonly path: string }
  | { readonly kind: "make folder"; readonly path: string };

/** One thing a process did to files or rows. */
export type Operation =
  | NameOperation
  | { readonly kind: "write"; readonly file: number; readonly bytes: Buffer }
  | { readonly kind: "sync"; readonly file: number }
  | { readonly kind: "sync folder"; readonly path: string }
  /** The row after a commit, as JSON. */
  | { readonly kind: "commit"; readonly row: string };

/** A disk as it is found after the crash. */
export interface DiskState {
  readonly folders: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly row: string;
}

/** A change of names, and the folders whose sync makes it safe. */
interface NameChange {
  readonly unsynced: Set<string>;
  readonly apply: (names: Map<string, number>, folders: Set<string>) => void;
}

interface FileContent {
  bytes: Buffer;
  syncedBytes: Buffer | undefined;
}

const parentOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf("/")));

/**
 * All states that a crash during these operations may leave; the same ones come once for each way they come about.
 * `losesCommits` = the database forgets its last commits, any number of them: what its weaker settings allow.
 */
export function* statesAfterCrash(
  before: DiskState,
  operations: readonly Operation[],
  { losesCommits }: { readonly losesCommits: boolean },
): Generator<DiskState, void, undefined> {
  for (let length = 0; length <= operations.length; length += 1) {
    const { rows, ...replayed } = replay(before, operations.slice(0, length));
    yield* statesAfter(before, { ...replayed, rows: losesCommits ? rows : rows.slice(-1) });
  }
}

function* statesAfter(
  before: DiskState,
  { files, changes, rows }: Replayed,
): Generator<DiskState, void, undefined> {
  const open = changes.filter((change) => change.unsynced.size > 0);
  for (const lost of subsets(open)) {
    const names = new Map([...before.files.keys()].map((name, at) => [name, -1 - at]));
    const folders = new Set(before.folders);
    for (const change of changes.filter((candidate) => !lost.has(candidate))) change.apply(names, folders);
    const visible = [...names].filter(([name]) => folders.has(parentOf(name)));
    const unsure = [...new Set(visible.map(([, file]) => file))].filter((file) =>
      isUnsynced(files.get(file)),
    );
    for (const contents of choices(unsure, files)) {
      const bytesOf = (file: number): Buffer =>
        contents.get(file) ?? files.get(file)?.bytes ?? Buffer.alloc(0);
      const found = new Map(visible.map(([name, file]) => [name, bytesOf(file)]));
      for (const row of rows) yield { folders, files: found, row };
    }
  }
}

interface Replayed {
  readonly files: ReadonlyMap<number, FileContent>;
  readonly changes: readonly NameChange[];
  /** After each commit, in their order. */
  readonly rows: readonly string[];
}

function replay(before: DiskState, done: readonly Operation[]): Replayed {
  const files = new Map<number, FileContent>();
  for (const [at, bytes] of [...before.files.values()].entries())
    files.set(-1 - at, { bytes, syncedBytes: bytes });
  const changes: NameChange[] = [];
  const names = new Map([...before.files.keys()].map((name, at) => [name, -1 - at]));
  const rows = [before.row];
  for (const operation of done) {
    if (operation.kind === "commit") rows.push(operation.row);
    else if (operation.kind === "write") append(files, operation);
    else if (operation.kind === "sync") settleContent(files, operation.file);
    else if (operation.kind === "sync folder")
      for (const { unsynced } of changes) unsynced.delete(operation.path);
    else {
      const change = changeOf(operation, names);
      change.apply(names, new Set());
      changes.push(change);
    }
  }
  return { files, changes, rows };
}

function append(
  files: Map<number, FileContent>,
  { file, bytes }: { readonly file: number; readonly bytes: Buffer },
): void {
  const content = files.get(file) ?? { bytes: Buffer.alloc(0), syncedBytes: undefined };
  files.set(file, { ...content, bytes: Buffer.concat([content.bytes, bytes]) });
}

function settleContent(files: Map<number, FileContent>, file: number): void {
  const content = files.get(file);
  if (content) content.syncedBytes = content.bytes;
}

function changeOf(operation: NameOperation, before: ReadonlyMap<string, number>): NameChange {
  const apply = applyOf(operation, before);
  // File systems with a journal do a rename as a whole; where the file is to be found later is what must be safe.
  return { unsynced: new Set([parentOf("to" in operation ? operation.to : operation.path)]), apply };
}

function applyOf(operation: NameOperation, before: ReadonlyMap<string, number>): NameChange["apply"] {
  if (operation.kind === "create") return (names) => void names.set(operation.path, operation.file);
  if (operation.kind === "make folder") return (_names, folders) => void folders.add(operation.path);
  if (operation.kind === "unlink") return (names) => void names.delete(operation.path);
  // Both move what has the name now, whatever becomes of the name.
  const file = before.get(operation.from);
  return (names) => {
    if (file !== undefined) names.set(operation.to, file);
    if (operation.kind === "rename") names.delete(operation.from);
  };
}

function isUnsynced(content: FileContent | undefined): boolean {
  return content !== undefined && content.syncedBytes?.length !== content.bytes.length;
}

/** What may be in files that were not synced: nothing, a part, the right length in zeros, everything. */
function* choices(
  unsure: readonly number[],
  files: ReadonlyMap<number, FileContent>,
): Generator<Map<number, Buffer>, void, undefined> {
  const [file, ...rest] = unsure;
  if (file === undefined) {
    yield new Map();
    return;
  }
  const bytes = files.get(file)?.bytes ?? Buffer.alloc(0);
  const may = [Buffer.alloc(0), bytes.subarray(0, bytes.length / 2), Buffer.alloc(bytes.length), bytes];
  for (const others of choices(rest, files))
    for (const content of may) yield new Map([...others, [file, content]]);
}

function* subsets<T>(all: readonly T[]): Generator<ReadonlySet<T>, void, undefined> {
  for (let bits = 0; bits < 2 ** all.length; bits += 1)
    yield new Set(all.filter((_one, at) => (bits >> at) % 2 === 1));
}
