/** What every store of finished files has to do, whatever is behind it. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BlobRef, BlobStat, BlobStore, OpenBlob } from "../../src/storage/blob-store.ts";

export interface BlobStoreUnderTest {
  readonly store: BlobStore;
  /** What stands in quarantine now, in any order. */
  readonly quarantined: () => Promise<readonly Buffer[]>;
}

const REF = "standard-0123abcd/dQw4w9WgXcQ.opus";
const OTHER = "standard-0123abcd/-_-_-_-_-_-.opus";

const ESCAPES: readonly BlobRef[] = [
  "",
  ".",
  "..",
  "dQw4w9WgXcQ.opus",
  "../standard-0123abcd/dQw4w9WgXcQ.opus",
  "standard-0123abcd/../../dQw4w9WgXcQ.opus",
  "standard-0123abcd/..",
  "standard-0123abcd/.opus",
  "standard-0123abcd/.hidden.opus",
  "standard-0123abcd/sub/dQw4w9WgXcQ.opus",
  "standard-0123abcd/dQw4w9WgXcQ.opus\0.txt",
  "standard-0123abcd/dQw4w9WgXcQ.opus\n",
  "standard-0123abcd\\dQw4w9WgXcQ.opus",
  "/standard-0123abcd/dQw4w9WgXcQ.opus",
  "/etc/passwd",
  "..-0123abcd/dQw4w9WgXcQ.opus",
  `standard-0123abcd/${"a".repeat(162)}.opus`,
];

async function read(blob: OpenBlob): Promise<Buffer> {
  const { buffer } = await blob.file.read(Buffer.alloc(blob.bytes + 1), 0, blob.bytes + 1, 0);
  return buffer.subarray(0, blob.bytes);
}

/** @param start makes an empty store on the file system of `folder`; its files go with the folder. */
export function describeBlobStore(
  name: string,
  start: (folder: string) => Promise<BlobStoreUnderTest>,
): void {
  describe(`${name} as a blob store`, () => {
    let folder: string;
    let store: BlobStore;
    let quarantined: BlobStoreUnderTest["quarantined"];
    let drafts = 0;

    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "encore-blobs-"));
      ({ store, quarantined } = await start(folder));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    const draft = async (bytes: Buffer): Promise<string> => {
      const file = path.join(folder, `draft-${(drafts += 1)}`);
      await writeFile(file, bytes);
      return file;
    };
    const publish = async (ref: BlobRef, bytes: Buffer): Promise<string> =>
      store.publish(ref, await draft(bytes));
    const content = async (ref: BlobRef): Promise<Buffer | undefined> => {
      const blob = await store.open(ref);
      const bytes = blob && (await read(blob));
      await blob?.close();
      return bytes;
    };
    const listed = async (): Promise<BlobStat[]> => {
      const stats = await Array.fromAsync(store.list());
      return stats.toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
    };

    it("knows nothing of a name nobody published", async () => {
      expect(await store.open(REF)).toBeUndefined();
      expect(await store.stat(REF)).toBeUndefined();
      expect(await store.remove(REF)).toBe(false);
      expect(await store.setAside(REF)).toBe(false);
      expect(await listed()).toEqual([]);
    });

    it("gives back what was published, and tells its size and age", async () => {
      const bytes = randomBytes(100_000);
      expect(await publish(REF, bytes)).toBe("published");
      expect(await content(REF)).toEqual(bytes);
      const stat = await store.stat(REF);
      expect(stat).toMatchObject({ ref: REF, bytes: bytes.length });
      expect(stat?.modifiedAtMs).toBeGreaterThan(0);
      expect(await listed()).toEqual([stat]);
    });

    it("leaves the draft in place", async () => {
      const file = await draft(randomBytes(10));
      await store.publish(REF, file);
      expect(await store.publish(OTHER, file)).toBe("published");
    });

    it("never writes over a living file", async () => {
      const first = randomBytes(5_000);
      await publish(REF, first);
      const reader = await store.open(REF);
      expect(await publish(REF, randomBytes(7_000))).toBe("exists");
      expect(await content(REF)).toEqual(first);
      expect(reader && (await read(reader))).toEqual(first);
      await reader?.close();
    });

    it("publishes one of many who try at once, whole", async () => {
      const tries = Array.from({ length: 10 }, () => randomBytes(20_000));
      const answers = await Promise.all(tries.map((bytes) => publish(REF, bytes)));
      expect(answers.toSorted()).toEqual([...Array.from({ length: 9 }, () => "exists"), "published"]);
      expect(await content(REF)).toEqual(tries[answers.indexOf("published")]);
    });

    it("publishes the same draft again after its name was taken", async () => {
      const file = await draft(Buffer.from("second"));
      await publish(REF, Buffer.from("first"));
      expect(await store.publish(REF, file)).toBe("exists");
      await store.setAside(REF);
      expect(await store.publish(REF, file)).toBe("published");
      expect(String(await content(REF))).toBe("second");
    });

    it("refuses a draft that is not there", async () => {
      await expect(store.publish(REF, path.join(folder, "nothing"))).rejects.toMatchObject({
        code: "CACHE_UNWRITABLE",
      });
      expect(await listed()).toEqual([]);
    });

    it("keeps a reader's bytes when the file is removed, set aside and published anew", async () => {
      const [first, second, third] = [1, 2, 3].map(() => randomBytes(50_000)) as [Buffer, Buffer, Buffer];
      await publish(REF, first);
      const early = await store.open(REF);
      expect(await store.remove(REF)).toBe(true);
      expect(await store.open(REF)).toBeUndefined();
      await publish(REF, second);
      const late = await store.open(REF);
      expect(await store.setAside(REF)).toBe(true);
      await publish(REF, third);
      expect(early && (await read(early))).toEqual(first);
      expect(late && (await read(late))).toEqual(second);
      expect(await content(REF)).toEqual(third);
      await early?.close();
      await late?.close();
    });

    it("replaces a file in one step, and its readers read the old one to the end", async () => {
      const [old, fresh] = [randomBytes(50_000), randomBytes(60_000)];
      await publish(REF, old);
      const reader = await store.open(REF);
      const file = await draft(fresh);
      await store.replace(REF, file);
      expect(reader && (await read(reader))).toEqual(old);
      expect(await content(REF)).toEqual(fresh);
      await reader?.close();
      // A second time the draft is gone, and the living file stays.
      await expect(store.replace(REF, file)).rejects.toMatchObject({ code: "CACHE_UNWRITABLE" });
      expect(await content(REF)).toEqual(fresh);
    });

    it("removes one file and no other", async () => {
      await publish(REF, Buffer.from("one"));
      await publish(OTHER, Buffer.from("two"));
      expect(await store.remove(REF)).toBe(true);
      expect(await store.remove(REF)).toBe(false);
      expect((await listed()).map(({ ref }) => ref)).toEqual([OTHER]);
    });

    it("sets files aside without losing one, however many of a name", async () => {
      for (const text of ["a", "b", "c"]) {
        await publish(REF, Buffer.from(text));
        expect(await store.setAside(REF)).toBe(true);
      }
      expect(await listed()).toEqual([]);
      expect((await quarantined()).map(String).toSorted()).toEqual(["a", "b", "c"]);
    });

    it.each(ESCAPES)("refuses the name %j everywhere", async (ref) => {
      const file = await draft(Buffer.from("x"));
      const refusal = { code: "UNSAFE_ID" };
      await expect(store.open(ref)).rejects.toMatchObject(refusal);
      await expect(store.stat(ref)).rejects.toMatchObject(refusal);
      await expect(store.publish(ref, file)).rejects.toMatchObject(refusal);
      await expect(store.setAside(ref)).rejects.toMatchObject(refusal);
      await expect(store.remove(ref)).rejects.toMatchObject(refusal);
    });
  });
}
