/** CPU time of a played minute, children counted. */
import { setTimeout as delay } from "node:timers/promises";
import { CONTENDERS, type Contender, ENCORE, GUIDE, LIBRARY, NODE_ALONE } from "../kit/contenders.ts";
import { Crowd } from "../kit/crowd.ts";
import type { Cost } from "../kit/peer-bot.ts";
import {
  atMost,
  type Benchmark,
  type Check,
  type Result,
  round,
  type Settings,
  type Table,
} from "../kit/result.ts";
import { steadySong } from "../kit/songs.ts";
import { median } from "../kit/statistics.ts";

const PACKETS_PER_MINUTE = 3_000;
/** What runs often is compiled anew meanwhile: in a bot that plays for days it has been long ago. */
const SETTLE_MS = 10_000;
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
    for (const contender of [...(isShort ? [ENCORE, LIBRARY, GUIDE] : CONTENDERS), NODE_ALONE])
      crowds.push(await Crowd.gather({ ...where, contender }));
    for (let run = 1; run <= runs; run++) {
      settings.say(`${run} of ${runs}`);
      for (const crowd of crowds) samples.push(await sample(crowd, settings.isQuick));
    }
  } finally {
    for (const crowd of crowds) await crowd.close();
  }
  return samples;
}

async function sample(crowd: Crowd, isQuick: boolean): Promise<Sample> {
  const { contender, dave } = crowd.plan;
  const { keptPath } = await steadySong();
  await crowd.play(keptPath);
  await delay(isQuick ? 2_000 : SETTLE_MS);
  const cost = await crowd.cost(isQuick ? 5_000 : SAMPLE_MS);
  await crowd.stop();
  const minutes = cost.packets / PACKETS_PER_MINUTE;
  const ownSeconds = cost.cpuMs / 1_000 / minutes;
  return { contender, dave, ownSeconds, childSeconds: cost.childrenCpuMs / 1_000 / minutes, cost };
}

function report(samples: readonly Sample[], guilds: number): Result {
  return {
    tables: [table(samples, guilds, false), table(samples, guilds, true)],
    checks: [false, true].flatMap((dave) => [
      ratio(samples, dave, { contender: GUIDE, limit: 0.125 }),
      ratio(samples, dave, { contender: LIBRARY, limit: 0.6 }),
    ]),
    notes: [
      "Encore: its voice connection, reader and pacer without the rest of the bot, as the plain library is measured without one.",
      "A minute is 3,000 packets that were sent, so that who falls behind is not taken for cheap. What is measured begins when all have played for a while: the engine compiles anew what runs often.",
      "Node alone: the floor on this machine, see scale. Behind what came out stands what it would be for who needs no more than that.",
    ],
    raw: samples.map(({ contender, ...figures }) => ({ who: contender.name, ...figures })),
  };
}

function of(samples: readonly Sample[], contender: Contender, dave: boolean): Sample[] {
  return samples.filter((one) => one.contender === contender && one.dave === dave);
}

function total(samples: readonly Sample[], contender: Contender, dave: boolean): number {
  return median(
    of(samples, contender, dave).map(({ ownSeconds, childSeconds }) => ownSeconds + childSeconds),
  );
}

function table(samples: readonly Sample[], guilds: number, dave: boolean): Table {
  const ours = total(samples, ENCORE, dave);
  const there = [...CONTENDERS, NODE_ALONE].filter((contender) => of(samples, contender, dave).length > 0);
  return {
    title: `CPU seconds per played minute and guild, ${guilds} guilds, ${dave ? "with DAVE" : "without DAVE"}`,
    columns: ["", "process s", "children s", "sum s", "× Encore", "RSS MB", "children", "their RSS MB"],
    rows: there.map((contender) => {
      const mine = of(samples, contender, dave);
      const middle = (value: (of: Sample) => number): number => median(mine.map(value));
      const sum = total(samples, contender, dave);
      return [
        contender.label,
        middle(({ ownSeconds }) => ownSeconds),
        middle(({ childSeconds }) => childSeconds),
        sum,
        sum / ours,
        middle(({ cost }) => cost.rssBytes / 1e6),
        middle(({ cost }) => cost.children),
        middle(({ cost }) => cost.childrenRssBytes / 1e6),
      ];
    }),
  };
}

function ratio(
  samples: readonly Sample[],
  dave: boolean,
  { contender, limit }: { readonly contender: Contender; readonly limit: number },
): Check {
  const theirs = total(samples, contender, dave);
  const what = `CPU per played minute, ${dave ? "with" : "without"} DAVE, against ${contender.label}`;
  const check = atMost(what, total(samples, ENCORE, dave) / theirs, limit);
  const floor = total(samples, NODE_ALONE, dave) / theirs;
  return { ...check, measured: `${check.measured} (Node alone ${round(floor)})` };
}
