/** Hundreds of guilds in one process: what it costs, how punctual it is, where it breaks. */
import { setTimeout as delay } from "node:timers/promises";
import { type Contender, ENCORE, LIBRARY, NODE_ALONE } from "../kit/contenders.ts";
import { Crowd } from "../kit/crowd.ts";
import type { Cost } from "../kit/peer-bot.ts";
import {
  atMost,
  type Benchmark,
  type Cell,
  type Plot,
  type Result,
  round,
  type Settings,
} from "../kit/result.ts";
import { steadySong } from "../kit/songs.ts";

const SIZES = [1, 10, 50, 100, 250, 500];
const QUICK_SIZES = [1, 100];
const SETTLE_MS = 2_000;
/** Later than that often, a listener's client runs out of sound. */
const BREAKS_AT_MS = 40;

export const scale: Benchmark = {
  name: "scale",
  question: "How many guilds can one process play in?",
  run: async (settings) => {
    const samples: Sample[] = [];
    for (const dave of [false, true]) {
      for (const contender of [ENCORE, LIBRARY, NODE_ALONE])
        samples.push(...(await grow(contender, dave, settings)));
    }
    return report(samples);
  },
};

interface Sample {
  readonly contender: Contender;
  readonly dave: boolean;
  readonly guilds: number;
  readonly cost: Cost & { readonly received: number };
  /** Share of one core. */
  readonly core: number;
}

async function grow(contender: Contender, dave: boolean, settings: Settings): Promise<Sample[]> {
  const sizes = settings.isQuick ? QUICK_SIZES : SIZES;
  const { keptPath } = await steadySong();
  const crowd = await Crowd.gather({ contender, dave, guilds: sizes.at(-1)! });
  const samples: Sample[] = [];
  try {
    let playing = 0;
    for (const guilds of sizes) {
      settings.say(`${contender.label}${dave ? ", DAVE" : ""}, ${guilds} guilds`);
      await crowd.play(keptPath, playing, guilds);
      playing = guilds;
      await delay(SETTLE_MS);
      const cost = await crowd.cost(settings.isQuick ? 3_000 : 5_000);
      samples.push({ contender, dave, guilds, cost, core: cost.cpuMs / cost.elapsedMs });
    }
  } finally {
    await crowd.close();
  }
  return samples;
}

function report(samples: readonly Sample[]): Result {
  return {
    tables: [false, true].map((dave) => ({
      title: `One process, ${dave ? "with DAVE" : "without DAVE"}`,
      columns: [
        "",
        "guilds",
        "% of a core",
        "RSS MB",
        "late p50 ms",
        "p99",
        "max",
        "> 60 ms",
        "by itself",
        "lost",
        "machine p99",
        "max",
      ],
      rows: samples.filter((sample) => sample.dave === dave).map(rowOf),
    })),
    checks: checks(samples),
    notes: [
      "Late: against the most punctual frame of the stream's own timeline within half a second; the frame that ends a stall is as late as that was long. By itself: more than 60 ms late when a thread of the same process that only wakes every 20 ms was not. Lost: slots of 20 ms without a packet.",
      ...[ENCORE, LIBRARY].flatMap((contender) =>
        [false, true].map((dave) => breaking(samples, contender, dave)),
      ),
      "Node alone: the floor on this machine for whoever sends from one Node process. A loop without connections, files or a timetable encrypts a packet for each guild (one cipher each, as node:crypto has it; with DAVE davey before that) and sends it to the same server.",
      "Encore: its voice connection, reader and pacer without the rest of the bot. The local voice server, another process on the same cores, only counts the packets.",
    ],
    plots: [
      plot(
        { title: "Lateness of frames, 99th percentile", unit: "ms" },
        samples.filter(({ contender }) => contender !== NODE_ALONE),
        ({ cost }) => cost.lateMs.p99,
      ),
      plot({ title: "CPU", unit: "% of a core" }, samples, ({ core }) => core * 100),
    ],
    raw: samples.map(({ contender, ...sample }) => ({ who: contender.name, ...sample })),
  };
}

function rowOf({ contender, guilds, core, cost }: Sample): Cell[] {
  const { lateMs, controlMs } = cost;
  const lateness = [lateMs.p50, lateMs.p99, lateMs.max, cost.veryLate, cost.veryLateByItself, cost.lost];
  const name = contender.label;
  return [name, guilds, core * 100, cost.rssBytes / 1e6, ...lateness, controlMs.p99, controlMs.max];
}

function checks(samples: readonly Sample[]): Result["checks"] {
  return [false, true].flatMap((dave) => {
    const largest = samples.findLast((sample) => sample.contender === ENCORE && sample.dave === dave);
    if (!largest) return [];
    const { guilds, cost } = largest;
    const what = `${guilds} guilds${dave ? " with DAVE" : ""}`;
    const load = atMost(`${what}: CPU`, coreForAll(largest) * 100, dave ? 60 : 35, "% of a core");
    const alone = samples.findLast((sample) => sample.contender === NODE_ALONE && sample.dave === dave);
    const overFloor = alone && `, ${round(coreForAll(largest) / coreForAll(alone))} × Node alone`;
    return [
      { ...load, measured: `${load.measured}${overFloor ?? ""}` },
      atMost(`${what}: lost frames`, cost.lost, 0),
      atMost(`${what}: lateness p99`, cost.lateMs.p99, 10, "ms"),
      atMost(`${what}: frames > 60 ms late that the machine did not cause`, cost.veryLateByItself, 0),
    ];
  });
}

/** Share of a core that all frames would have taken: who loses some is not taken for cheap. */
function coreForAll({ core, cost }: Sample): number {
  return (core * (cost.packets + cost.lost)) / cost.packets;
}

function breaking(samples: readonly Sample[], contender: Contender, dave: boolean): string {
  const mine = samples.filter((sample) => sample.contender === contender && sample.dave === dave);
  const broken = mine.find(({ cost }) => cost.lateMs.p99 > BREAKS_AT_MS || cost.lost > cost.packets / 1_000);
  const how = broken
    ? `breaks at ${broken.guilds} guilds (p99 ${round(broken.cost.lateMs.p99)} ms late, ${broken.cost.lost} slots lost)`
    : `holds ${mine.at(-1)?.guilds ?? 0} guilds`;
  return `${contender.label}${dave ? " with DAVE" : ""} ${how}.`;
}

const SHOWN = [
  { contender: ENCORE, label: "Encore", whose: "ours" },
  { contender: LIBRARY, label: "library", whose: "others" },
  { contender: NODE_ALONE, label: "Node alone", whose: "floor" },
] as const;

function plot(
  facts: { readonly title: string; readonly unit: string },
  samples: readonly Sample[],
  value: (sample: Sample) => number,
): Plot {
  const lines = SHOWN.flatMap(({ contender, label, whose }) =>
    [false, true].map((dave) => ({
      label: `${label}${dave ? ", DAVE" : ""}`,
      whose,
      points: samples
        .filter((sample) => sample.contender === contender && sample.dave === dave)
        .map((sample) => [sample.guilds, value(sample)] as const),
    })),
  );
  return {
    kind: "lines",
    ...facts,
    xTitle: "guilds",
    lines: lines.filter(({ points }) => points.length > 0),
  };
}
