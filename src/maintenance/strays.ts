// Files under names that no row knows: what they say inside decides whose they are.
import * as path from "node:path";
import type { OggOpusFacts } from "../audio/transcoder.ts";
import type { BlobRef } from "../storage/blob-store.ts";
import { moveAside, removeEntry } from "./folder.ts";
import { attempt, perform, type Task } from "./record.ts";
import { inspect, presentRow, type ReconcileDeps, saveRow, settle } from "./settle.ts";
import { nameOf } from "./survey.ts";
import { type FileIdentity, identityOf } from "../core/audio-tags.ts";

/** Moves a song to its name when that is free, sets a second copy aside, and leaves alone what is not ours. */
export async function settleStray(deps: ReconcileDeps, task: Task, ref: BlobRef): Promise<void> {
  await attempt(task, ref, async () => {
    if (await deps.rows.owning(ref)) return;
    const facts = await inspect(deps, task, ref);
    const owner = facts && identityOf(facts);
    if (facts && owner) await bringHome(deps, task, { ref, facts, owner });
    else task.record.report({ action: "foreign", subject: ref, reason: "not made by Encore", bytes: 0 });
  });
}

interface Stray {
  readonly ref: BlobRef;
  readonly facts: OggOpusFacts;
  readonly owner: FileIdentity;
}

async function bringHome(deps: ReconcileDeps, task: Task, { ref, facts, owner }: Stray): Promise<void> {
  // What stands under the right name may be damaged; then this copy is the better one.
  await settle(deps, task, owner);
  const home = nameOf(owner.key, owner.profileId);
  const from = path.join(deps.folders.audio, ref);
  const { bytes } = facts;
  await deps.withLock(owner.key, async (lease) => {
    const current = (await presentRow(deps, owner))?.blobRef ?? home;
    if (await deps.blobs.stat(current)) {
      const step = { action: "set aside", subject: ref, reason: "second copy", bytes, detail: owner.key };
      await perform(task, step, () => moveAside(from, deps.folders.quarantine));
      return;
    }
    await perform(
      task,
      { action: "moved", subject: ref, reason: "had another name", bytes, detail: home },
      async () => {
        await deps.blobs.publish(home, from);
        await saveRow(deps, { ...owner, ref: home, lease, facts });
        await removeEntry(from, { recursive: false });
      },
    );
  });
}
