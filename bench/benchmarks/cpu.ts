/** CPU time of a played minute, children counted. */
import { setTimeout as delay } from "node:timers/promises";
import { CONTENDERS, type Contender, ENCORE, GUIDE, LIBRARY } from "../kit/contenders.ts";
import { Crowd } from "../kit/crowd.ts";
import type { Cost } from "../kit/peer-bot.ts";
import { atMost, type Benchmark, type Check, type Result, type Settings } from "../kit/result.ts";
import { steadySong } from "../kit/songs.ts";
import { median } from "../kit/statistics.ts";

const PACKETS_PER_MINUTE = 3_000;
const SETTLE_MS = 2_000;
/** Children that decode ahead work in bursts, as far apart as the pipes between are long. */
const SAMPLE_MS = 20_000;

export const cpu: Benchmark = {
  name: "cpu",
  question: "How many CPU seconds does a minute of a cached song cost in one guild?",
  run: async (settings) => {
    const samples: Sample[] = [];
    const guilds = settings.isQuick ? 10 : 50;
    for (const dave of [false, true]) samples.push(...(await compare(settings, { guilds, dave })));
    return report(samples, guilds);
  },
};

interface Sample {
  readonly contender: Contender;
  readonly dave: boolean;
  /** Seconds a minute and guild: of the process, of its children. */
  readonly ownSeconds: number;
  readonly childSeconds: number;
  readonly cost: Cost;
}

async function compare(settings: Settings, where: { guilds: number; dave: boolean }): Promise<Sample[]> {
  const crowds: Crowd[] = [];
  const samples: Sample[] = [];
  const isShort = settings.isQuick || where.dave;
  const runs = settings.runs ?? 1;
  try {
    for (const contender of isShort ? [ENCORE, LIBRARY, GUIDE] : CONTENDERS)
      crowds.push(await Crowd.gather({ ...where, contender }));
    for (let run = 1; run <= runs; run++) {
      settings.say(`${run} of ${runs}`);
      for (const crowd of crowds) samples.push(await sample(crowd, settings.isQuick ? 5_000 : SAMPLE_MS));
    }
  } finally {
    for (const crowd of crowds) await crowd.close();
  }
  return samples;
}

async function sample(crowd: Crowd, forMs: number): Promise<Sample> {
  const { contender, dave } = crowd.plan;
  const { keptPath } = await steadySong();
  await crowd.play(keptPath);
  await delay(SETTLE_MS);
  const cost = await crowd.cost(forMs);
  await crowd.stop();
  const minutes = cost.packets / PACKETS_PER_MINUTE;
  const ownSeconds = cost.cpuMs / 1_000 / minutes;
  return { contender, dave, ownSeconds, childSeconds: cost.childrenCpuMs / 1_000 / minutes, cost };
}

function report(samples: readonly Sample[], guilds: number): Result {
  const of = (contender: Contender, dave: boolean): Sample[] =>
    samples.filter((one) => one.contender === contender && one.dave === dave);
  const total = (contender: Contender, dave: boolean): number =>
    median(of(contender, dave).map(({ ownSeconds, childSeconds }) => ownSeconds + childSeconds));
  const table = (dave: boolean): Result["tables"][number] => ({
    title: `CPU seconds per played minute and guild, ${guilds} guilds, ${dave ? "with DAVE" : "without DAVE"}`,
    columns: ["", "process", "children", "sum", "× Encore", "RSS MB", "children", "their RSS MB"],
    rows: CONTENDERS.filter((contender) => of(contender, dave).length > 0).map((contender) => {
      const mine = of(contender, dave);
      const middle = (value: (of: Sample) => number): number => median(mine.map(value));
      return [
        contender.label,
        middle(({ ownSeconds }) => ownSeconds),
        middle(({ childSeconds }) => childSeconds),
        total(contender, dave),
        total(contender, dave) / total(ENCORE, dave),
        middle(({ cost }) => cost.rssBytes / 1e6),
        middle(({ cost }) => cost.children),
        middle(({ cost }) => cost.childrenRssBytes / 1e6),
      ];
    }),
  });
  const ratio = (dave: boolean, contender: Contender, limit: number): Check =>
    atMost(
      `CPU per played minute, ${dave ? "with" : "without"} DAVE, against ${contender.label}`,
      total(ENCORE, dave) / total(contender, dave),
      limit,
    );
  return {
    tables: [table(false), table(true)],
    checks: [false, true].flatMap((dave) => [ratio(dave, GUIDE, 0.125), ratio(dave, LIBRARY, 0.6)]),
    notes: [
      "Encore: its voice connection, reader and pacer without the rest of the bot, as the plain library is measured without one.",
      "A minute is 3,000 packets that were sent, so that who falls behind is not taken for cheap.",
    ],
    raw: samples.map(({ contender, ...figures }) => ({ who: contender.name, ...figures })),
  };
}
