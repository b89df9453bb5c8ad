/** What came out of `normalize`. */
import { TWO_PASS } from "../kit/levellers.ts";
import { atMost, type Cell, type Check, type Result, round, type Table } from "../kit/result.ts";
import { PROFILE } from "../kit/songs.ts";
import { median, quantile } from "../kit/statistics.ts";
import type { LevelSample } from "./normalize.ts";

const TARGET = PROFILE.loudnessTargetLufs ?? -14;
const CEILING = PROFILE.truePeakCeilingDbtp;
const MOST_ERROR_LU = 0.5;
const HIGHEST_PEAK = CEILING + 0.3;
const GOOD_SHARE = 0.95;
/** Peaks that stand higher above the ceiling are more than a limiter should take away. */
const MOST_LIMITING_DB = 12;

interface Findings {
  /** Of the pipelines, Encore's first. */
  readonly labels: readonly string[];
  /** The corpus. */
  readonly samples: readonly LevelSample[];
  /** The songs whose cost is compared, several times each. */
  readonly songs: readonly LevelSample[];
}

export function normalizeReport(findings: Findings): Result {
  const [ours = ""] = findings.labels;
  const missed = of(findings.samples, ours).filter((sample) => !isGood(sample));
  return {
    tables: [costs(findings), nearness(findings)],
    checks: checks(findings, missed),
    notes: [
      "Good: within 0.5 LU of the target and not more than 0.3 dB above the ceiling, measured on the decoded result.",
      ...missed.map((sample) => {
        const { lufs, peakDbtp } = sample.result;
        const why = reasonFor(sample) ?? "no reason is known";
        return `Missed by Encore: ${sample.item} (${round(lufs)} LUFS, ${round(peakDbtp)} dBTP): ${why}.`;
      }),
    ],
    raw: findings,
  };
}

function of(samples: readonly LevelSample[], label: string): LevelSample[] {
  return samples.filter(({ leveller }) => leveller === label);
}

/** LU; NaN for silence. */
function errorOf({ result }: LevelSample): number {
  return Math.abs(result.lufs - TARGET);
}

function isGood(sample: LevelSample): boolean {
  return errorOf(sample) <= MOST_ERROR_LU && sample.result.peakDbtp <= HIGHEST_PEAK;
}

/** Why a file may miss its target; `undefined` = it may not. */
function reasonFor({ source, result }: LevelSample): string | undefined {
  if (Number.isNaN(source.lufs)) return "silence has no loudness";
  const aboveDb = source.peakDbtp + TARGET - source.lufs - CEILING;
  if (result.lufs > TARGET || aboveDb < MOST_LIMITING_DB) return undefined;
  return `at the target its peaks would stand ${round(aboveDb)} dB above the ceiling, and no more of them is taken away than leaves them recognizable`;
}

function goodShare({ samples }: Findings, label: string): number {
  const mine = of(samples, label);
  return mine.filter(isGood).length / mine.length;
}

/** Median CPU seconds of one song, or of all of them. */
function cpuSeconds({ songs }: Findings, label: string, item?: string): number {
  const mine = of(songs, label).filter((sample) => item === undefined || sample.item === item);
  return median(mine.map(({ cpuMs }) => cpuMs / 1_000));
}

function namesOf({ songs }: Findings): string[] {
  return [...new Set(songs.map(({ item }) => item))];
}

function costs(findings: Findings): Table {
  const names = namesOf(findings);
  const rows = findings.labels.map((label): Cell[] => {
    const mine = of(findings.songs, label);
    const realtime = median(mine.map(({ durationMs, elapsedMs }) => durationMs / elapsedMs));
    return [label, ...names.map((name) => cpuSeconds(findings, label, name)), realtime];
  });
  return {
    title: "CPU seconds of a song of 3.5 minutes",
    columns: ["", ...names, "× realtime"],
    rows,
  };
}

function nearness(findings: Findings): Table {
  const { labels, samples } = findings;
  const rows = labels.map((label): Cell[] => {
    const mine = of(samples, label);
    const errors = mine.map(errorOf).filter((error) => !Number.isNaN(error));
    const peaks = mine.map(({ result }) => result.peakDbtp).filter(Number.isFinite);
    const found = [
      median(errors),
      quantile(errors, 90),
      Math.max(...errors),
      median(peaks),
      Math.max(...peaks),
    ];
    return [label, ...found, `${round(goodShare(findings, label) * 100)} %`];
  });
  return {
    title: `To ${TARGET} LUFS with peaks up to ${CEILING} dBTP: ${of(samples, labels[0] ?? "").length} files`,
    columns: ["", "error LU p50", "p90", "max", "peak dBTP p50", "max", "good"],
    rows,
  };
}

function checks(findings: Findings, missed: readonly LevelSample[]): Check[] {
  const [ours = ""] = findings.labels;
  const areExplained = missed.every((sample) => reasonFor(sample) !== undefined);
  const cheapest = findings.labels
    .filter((label) => goodShare(findings, label) >= GOOD_SHARE)
    .toSorted((a, b) => cpuSeconds(findings, a) - cpuSeconds(findings, b))[0];
  const share = goodShare(findings, ours);
  return [
    {
      claim: `|error| ≤ ${MOST_ERROR_LU} LU and true peak ≤ ${round(HIGHEST_PEAK)} dBTP on at least 95 %`,
      measured: `${round(share * 100)} %`,
      passed: share >= GOOD_SHARE,
    },
    { claim: "the others are explained", measured: areExplained ? "all" : "not all", passed: areExplained },
    {
      claim: "Encore's is the cheapest that comes so near",
      measured: cheapest ?? "none does",
      passed: cheapest === ours,
    },
    ...namesOf(findings).map((name) =>
      atMost(
        `CPU of “${name}” against ${TWO_PASS}`,
        cpuSeconds(findings, ours, name) / cpuSeconds(findings, TWO_PASS, name),
        0.4,
      ),
    ),
  ];
}
