// The command that takes over an older cache: looks first, shows, asks when files will be removed, then does it.
import * as path from "node:path";
import { formatBytes, formatCount, plural } from "../../core/format.ts";
import { AppError } from "../../core/errors.ts";
import { applyImport, planImport } from "../../maintenance/import.ts";
import type { ImportPlan, OldFile } from "../../maintenance/import-plan.ts";
import { type Task, TaskRecord } from "../../maintenance/record.ts";
import { type Answer, type CommandContext, EXIT, refuse, runTask } from "./context.ts";

export interface ImportFlags {
  readonly dryRun: boolean;
  readonly move: boolean;
  readonly force: boolean;
}

/** Takes over the songs of another bot's cache, or of an older one of this bot. */
export async function importCache(
  context: CommandContext,
  folder: string,
  { dryRun, move, force }: ImportFlags,
): Promise<Answer> {
  // A variable that is not set must not become the folder we happen to be in.
  if (folder === "") throw new AppError("IMPORT_FOLDER", { folder: '""', reason: "is no folder" });
  const plan = await look(context, path.resolve(folder));
  for (const line of planLines(plan)) context.person.say(line);
  const refusal = move && !force && !dryRun ? await unconfirmed(context, plan) : undefined;
  if (refusal !== undefined) return refuse(refusal);
  const { caretaker, config } = context;
  let isFull = false;
  const work = async (task: Task): Promise<void> => {
    await applyImport(caretaker.imports, task, { plan, profile: config.audio.profile, move });
    isFull = task.record.seen.some(({ action }) => action === "left");
  };
  const detail = `${plan.folder}${move ? ", move" : ""}`;
  const answer = await runTask(context, { kind: "import", detail, dryRun, label: "Importing" }, work);
  const exitCode = answer.exitCode === EXIT.done && isFull ? EXIT.partial : answer.exitCode;
  return { ...answer, exitCode, json: { ...answer.json, plan: planJson(plan) } };
}

/** Why nothing is moved; `undefined` = it may be. */
async function unconfirmed({ person }: CommandContext, plan: ImportPlan): Promise<string | undefined> {
  const removed = count(removable(plan), "file");
  if (removable(plan).length === 0) return undefined;
  if (!person.canAnswer) return `Refusing to delete ${removed} from ${plan.folder} without --force.`;
  const question = `Import ${plural(plan.items.length, "song")}, then delete ${removed} from ${plan.folder}?`;
  return (await person.confirm(question)) ? undefined : "Nothing was changed.";
}

async function look(context: CommandContext, folder: string): Promise<ImportPlan> {
  const { caretaker, config, signal } = context;
  const listener = context.progress("Looking");
  const ownFolders = [config.cache.directory, config.database.path];
  try {
    const task = { record: new TaskRecord([listener]), dryRun: true, signal };
    return await planImport(caretaker.imports, task, { folder, profile: config.audio.profile, ownFolders });
  } finally {
    listener.end();
  }
}

/** Everything that a move takes away. */
function removable({ items, present }: ImportPlan): readonly OldFile[] {
  return [...items.flatMap(({ best, duplicates }) => [best, ...duplicates]), ...present];
}

const SHOWN = 20;

function planLines(plan: ImportPlan): string[] {
  const { items, unusable } = plan;
  const duplicates = items.flatMap((item) => item.duplicates);
  const more = unusable.length > SHOWN ? [`  … and ${formatCount(unusable.length - SHOWN)} more`] : [];
  const others = [
    { list: duplicates, what: "duplicate" },
    { list: plan.present, what: "already cached file" },
    { list: unusable, what: "unusable file" },
  ].flatMap(({ list, what }) => (list.length > 0 ? [count(list, what)] : []));
  return [
    `${plan.folder}: ${[`${plural(items.length, "song")} to import`, ...others].join(", ")}.`,
    ...unusable.slice(0, SHOWN).map(({ subject, reason }) => `  ${printable(subject)}: ${reason}`),
    ...more,
  ];
}

function count(list: readonly OldFile[], what: string): string {
  const bytes = list.reduce((sum, file) => sum + file.bytes, 0);
  return `${plural(list.length, what)} (${formatBytes(bytes)})`;
}

/** Names of files may hold anything, also what moves a terminal's cursor. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");
}

function planJson({ folder, items, present, unusable }: ImportPlan): object {
  return {
    folder,
    songs: items.map(({ key, best, duplicates }) => ({
      key,
      file: best.subject,
      condition: best.condition,
      bytes: best.bytes,
      duplicates: duplicates.map(({ subject, bytes }) => ({ file: subject, bytes })),
    })),
    present: present.map(({ subject, bytes }) => ({ file: subject, bytes })),
    unusable: unusable.map(({ subject, bytes, reason }) => ({ file: subject, bytes, reason })),
  };
}
