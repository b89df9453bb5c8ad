/**
 * Takes one safeguard out of the cache, in the process that loads this first (`--import breakage.ts?lease`): a
 * control that shows what the harness would see without it.
 */
import { type LoadHookSync, registerHooks } from "node:module";

interface Cut {
  /** The end of the file's path. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const CUTS: Readonly<Record<string, readonly Cut[]>> = {
  /** Everybody gets every lease. */
  lease: [
    { file: "src/db/leases.ts", from: "if (held && !isFree(held, this.#holder)) return undefined;", to: "" },
    { file: "src/db/leases.ts", from: "if (row?.token !== lease.token)", to: "if (!row)" },
  ],
  /** Scratch files of the same song have the same name. */
  names: [
    {
      file: "src/cache/work-folder.ts",
      from: 'return `${pid}-${randomBytes(6).toString("hex")}`;',
      to: 'return "1-000000000000";',
    },
  ],
  /** A removal does not say beforehand what it is about to do. */
  evicting: [
    {
      file: "src/db/cache-index.ts",
      from: 'return this.#update({ key, profileId }, { state: "evicting" }, lease);',
      to: "return true;",
    },
    {
      file: "src/maintenance/settle.ts",
      from: 'if (fileBytes === undefined) return "heal row";',
      to: 'if (fileBytes === undefined) return "sound";',
    },
  ],
  /** Half a song is published before the rest is written. */
  torn: [
    {
      file: "src/storage/fs.ts",
      from: "await link(fromPath, toPath);",
      to: "await (await import('node:fs/promises')).writeFile(toPath, (await (await import('node:fs/promises')).readFile(fromPath)).subarray(0, 3000)); this.#onStep?.('M10 published'); await rename(fromPath, toPath);",
    },
  ],
};

/** Names of safeguards that can be taken out. */
export const BREAKAGES = Object.keys(CUTS);

const cuts = CUTS[new URL(import.meta.url).search.slice(1)] ?? [];
if (cuts.length > 0) registerHooks({ load });

function load(...[url, context, next]: Parameters<LoadHookSync>): ReturnType<LoadHookSync> {
  const loaded = next(url, context);
  const mine = cuts.filter((cut) => url.endsWith(cut.file));
  if (mine.length === 0) return loaded;
  let source = Buffer.from(loaded.source as Uint8Array).toString("utf8");
  for (const { from, to } of mine) {
    if (!source.includes(from)) throw new Error(`There is no such line in ${url}: ${from}`);
    source = source.replace(from, () => to);
  }
  return { ...loaded, source };
}
