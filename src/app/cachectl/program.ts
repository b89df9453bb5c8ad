// The grammar of the command line, and what each word leads to.
import { randomBytes } from "node:crypto";
import { Command, InvalidArgumentError, Option } from "commander";
import { parseNumber, parseSizeBytes } from "../../config/values.ts";
import { STATISTICS } from "../../maintenance/old-plays.ts";
import { SCRAP_CATEGORIES } from "../../maintenance/scraps.ts";
import type { Answer, CommandContext } from "./context.ts";
import { importCache } from "./import-cache.ts";
import { exportSong, pin, reconcile, status, verify } from "./look-after.ts";
import { CATEGORIES, type Category, cleanup } from "./cleanup.ts";
import { clear } from "./clear.ts";

/** Opens the cache, runs a command on it and prints its answer. */
export type Run = (command: Command, work: (context: CommandContext) => Promise<Answer>) => Promise<void>;

const CATEGORY_HELP: Readonly<Record<Category, string>> = {
  expired: "songs not played for longer than the retention",
  "over-limit": "songs of the lowest rank, until the rest fits the limit",
  "stale-profiles": "songs of sound settings that nobody uses any more",
  orphans: "files without a row (reconcile could save them)",
  work: "scratch files without a living owner",
  quarantine: "files that failed a check",
  logs: "logs of earlier runs",
  statistics: "plays older than CACHE_STATISTICS_DAYS",
  originals: "kept downloads (those of songs that are gone go by themselves)",
};

/** Where help and complaints go. */
export interface Writers {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Builds the program. Errors of usage are thrown, never printed by leaving the process. */
export function buildProgram(run: Run, write: Writers): Command {
  const program = new Command("npm run cache --")
    .description("Looks after the cache, beside the running bot or without it.")
    .configureOutput({ writeOut: write.out, writeErr: write.err })
    // Before any subcommand is added: they inherit it only then.
    .exitOverride()
    .showSuggestionAfterError()
    .helpCommand(false);
  addLooking(program, run);
  addCleanup(program, run);
  addClear(program, run);
  addSongs(program, run);
  addImport(program, run);
  return program;
}

function add(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).option("--json", "print one JSON object");
}

const DRY_RUN = ["-n, --dry-run", "show what would be done, and change nothing"] as const;
const FORCE = ["-f, --force", "do not ask"] as const;

function addLooking(program: Command, run: Run): void {
  add(program, "status", "show how full the cache is and what is wrong with it").action(
    (_options, command: Command) => run(command, status),
  );
  add(program, "reconcile", "make files and rows agree; adopts and heals before it removes")
    .option(...DRY_RUN)
    .action((options: { dryRun?: true }, command: Command) =>
      run(command, (context) => reconcile(context, { dryRun: options.dryRun ?? false })),
    );
  add(program, "verify", "read files again and compare them with what was published")
    .option("--sample <percent>", "read only a part of them, for instance 5%", parsePercent)
    .option("--seed <text>", "pick the same sample again")
    .option("--loudness", "decode and measure too")
    .option("--repair", "set damaged files aside, so that the next play fetches them again")
    .action((options: VerifyFlags, command: Command) =>
      run(command, (context) => verify(context, verifyOptions(options))),
    );
}

interface VerifyFlags {
  readonly sample?: number;
  readonly seed?: string;
  readonly loudness?: true;
  readonly repair?: true;
}

function verifyOptions({ sample, seed, loudness, repair }: VerifyFlags): Parameters<typeof verify>[1] {
  return {
    share: sample ?? 1,
    seed: seed ?? randomBytes(4).toString("hex"),
    withLoudness: loudness ?? false,
    repair: repair ?? false,
  };
}

interface RemovalFlags {
  readonly dryRun?: true;
  readonly force?: true;
  readonly yes?: true;
}

function addCleanup(program: Command, run: Run): void {
  const command = add(program, "cleanup", "remove what was not played for long, is too much or is left over");
  for (const name of CATEGORIES) command.option(`--${name}`, `only: ${CATEGORY_HELP[name]}`);
  command
    .option("--retention-days <days>", "days since the last play", parseDays)
    .option("--target-size <size>", "keep at most so much, for instance 4GiB", parseSize)
    .addOption(
      new Option("--cache-only", "touch songs and their rows only; play statistics stay")
        // Named and silently not done would be worse.
        .conflicts([...SCRAP_CATEGORIES, STATISTICS].map(camel)),
    )
    .option(...DRY_RUN)
    .option(...FORCE)
    .addOption(new Option("--yes").hideHelp())
    .action((options: CleanupFlags, self: Command) =>
      run(self, (context) => cleanup(context, { ...cleanupOptions(options), detail: detailOf(self) })),
    );
}

interface CleanupFlags extends RemovalFlags {
  readonly retentionDays?: number;
  readonly targetSize?: number;
  readonly cacheOnly?: true;
}

function cleanupOptions(flags: CleanupFlags): Omit<Parameters<typeof cleanup>[1], "detail"> {
  const named: Category[] = CATEGORIES.filter((name) => Object.hasOwn(flags, camel(name)));
  // A number that is given is meant, also beside other categories.
  if (named.length > 0 && flags.retentionDays !== undefined) named.push("expired");
  if (named.length > 0 && flags.targetSize !== undefined) named.push("over-limit");
  const onlySongs: readonly Category[] = flags.cacheOnly ? ["expired", "over-limit", "stale-profiles"] : [];
  return {
    categories: new Set(named.length > 0 ? named : onlySongs),
    retentionDays: flags.retentionDays,
    targetBytes: flags.targetSize,
    dryRun: flags.dryRun ?? false,
    force: flags.force ?? flags.yes ?? false,
  };
}

function addClear(program: Command, run: Run): void {
  add(program, "clear", "remove all songs, those of a profile or source, or one")
    .argument("[id]", "ID of one song")
    .option("--profile <name>", "only songs of this profile")
    .option("--source <name>", "only songs of this source, for instance youtube")
    .option("--confirm <number>", "the number of songs, instead of typing it when asked")
    .option(...DRY_RUN)
    .option(...FORCE)
    .addOption(new Option("--yes").hideHelp())
    .action((key: string | undefined, options: ClearFlags, self: Command) =>
      run(self, (context) => {
        const { profile, source, confirm, dryRun = false, force, yes } = options;
        const asked = { key, profile, source, confirm, dryRun, force: force ?? yes ?? false };
        return clear(context, { ...asked, detail: detailOf(self) });
      }),
    );
}

interface ClearFlags extends RemovalFlags {
  readonly profile?: string;
  readonly source?: string;
  readonly confirm?: string;
}

function addSongs(program: Command, run: Run): void {
  add(program, "pin", "never clean up a song")
    .argument("<id>", "ID of the song")
    .action((id: string, _options, self: Command) => run(self, (context) => pin(context, id, true)));
  add(program, "unpin", "let a song be cleaned up again")
    .argument("<id>", "ID of the song")
    .action((id: string, _options, self: Command) => run(self, (context) => pin(context, id, false)));
  add(program, "export", "copy a song out of the cache, with its tags")
    .argument("<id>", "ID of the song")
    .argument("[folder]", "where to; made when missing", ".")
    .action((id: string, folder: string, _options, self: Command) =>
      run(self, (context) => exportSong(context, id, folder)),
    );
}

function addImport(program: Command, run: Run): void {
  add(program, "import", "take over the songs of an older cache: Title_<id>.mp3, muse, MusicBot and the like")
    .argument("<folder>", "folder of the older cache, for muse its data folder")
    .option("--move", "delete what was taken over from the older folder")
    .option(...DRY_RUN)
    .option(...FORCE)
    .addOption(new Option("--yes").hideHelp())
    .action((folder: string, options: RemovalFlags & { readonly move?: true }, self: Command) =>
      run(self, (context) => {
        const { dryRun = false, move = false, force, yes } = options;
        return importCache(context, folder, { dryRun, move, force: force ?? yes ?? false });
      }),
    );
}

/** What was asked for, for the audit. */
function detailOf(command: Command): string {
  const options = Object.entries(command.opts()).filter(([name]) => name !== "json");
  return [
    ...command.args,
    ...options.map(([name, value]) => (value === true ? name : `${name}=${String(value)}`)),
  ].join(" ");
}

function camel(name: string): string {
  return name.replaceAll(/-(\w)/gu, (_whole, letter: string) => letter.toUpperCase());
}

function parsePercent(text: string): number {
  const percent = parseNumber(text.replace(/ ?%$/u, ""), 0, 100);
  if (percent === undefined) throw new InvalidArgumentError("It must be a share like 5%.");
  return percent / 100;
}

function parseDays(text: string): number {
  const days = parseNumber(text, 0, 36_500);
  if (days === undefined) throw new InvalidArgumentError("It must be a number of days.");
  return days;
}

function parseSize(text: string): number {
  const bytes = parseSizeBytes(text);
  if (bytes === undefined) throw new InvalidArgumentError("It must be a size with its unit, like 4GiB.");
  return bytes;
}
