import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect, expectTypeOf, it, onTestFinished } from "vitest";
import { type PlayableBlobs, playableBlobs } from "../../src/storage/blob-store.ts";
import { FsBlobStore } from "../../src/storage/fs.ts";

async function playable(): Promise<PlayableBlobs> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-playable-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return playableBlobs(
    new FsBlobStore({ root: path.join(folder, "audio"), quarantine: path.join(folder, "quarantine") }),
  );
}

it("gives playback a store that cannot remove or list, whatever it tries", async () => {
  const blobs = await playable();
  expect(Object.keys(blobs).toSorted()).toEqual(["open", "publish", "setAside", "stat"]);
  for (const name of ["remove", "list", "constructor"] as const)
    expect(Object.hasOwn(blobs, name)).toBe(false);
  expect(Reflect.get(blobs, "remove")).toBeUndefined();
  expect(Object.getPrototypeOf(blobs)).toBe(Object.prototype);
  expect(() => Object.assign(blobs, { remove: () => undefined })).toThrow(TypeError);
  // @ts-expect-error playback has no way to delete
  expect(() => blobs.remove("standard-0123abcd/dQw4w9WgXcQ.opus")).toThrow(TypeError);
  // @ts-expect-error nor to look around
  expect(() => blobs.list()).toThrow(TypeError);
  expectTypeOf<keyof PlayableBlobs>().toEqualTypeOf<"open" | "stat" | "publish" | "setAside">();
});

it("hands the four others through", async () => {
  const blobs = await playable();
  const ref = "standard-0123abcd/dQw4w9WgXcQ.opus";
  expect(await blobs.open(ref)).toBeUndefined();
  expect(await blobs.stat(ref)).toBeUndefined();
  expect(await blobs.setAside(ref)).toBe(false);
  await expect(blobs.publish(ref, "/nowhere/at/all")).rejects.toMatchObject({ code: "CACHE_UNWRITABLE" });
});
