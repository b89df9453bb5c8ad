/**
 * The long run: `npm run faults -- --kills 10000 --seed 1`. With `--break lease` (or another name of
 * lab/breakage.ts) a safeguard is missing and violations must be seen.
 */
import { parseArgs } from "node:util";
import { BREAKAGES } from "./lab/breakage.ts";
import { crashRun } from "./lab/crash-run.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    break: { type: "string" },
  },
});

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const { break: broken } = values;
if (broken !== undefined && !BREAKAGES.includes(broken)) {
  print(`--break takes one of ${BREAKAGES.join(", ")}.`);
  process.exit(2);
}

const options = { kills: Number(values.kills), seed: Number(values.seed) };
print(`kills ${options.kills}, seed ${options.seed}${broken === undefined ? "" : `, without ${broken}`}`);
let told = 0;
const { violations, ...summary } = await crashRun({
  ...options,
  ...(broken !== undefined && { breakage: new URL(`lab/breakage.ts?${broken}`, import.meta.url).href }),
  onBatch: (soFar) => {
    for (const violation of soFar.violations.slice(told)) print(violation);
    told = soFar.violations.length;
    print(`${soFar.kills} kills, ${told} violations`);
  },
});
print(JSON.stringify({ ...summary, violations: violations.length }));
process.exitCode = violations.length === 0 ? 0 : 1;
