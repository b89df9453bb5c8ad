/** Writes docs/performance.md and its plots. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Benchmark, Check, Measured, Table } from "../kit/result.ts";
import { round } from "../kit/result.ts";
import { svgOf } from "./svg.ts";
import { cellText } from "./text.ts";

const DOCS = path.join(import.meta.dirname, "../../docs");

export interface ReportFacts {
  readonly benchmarks: readonly Benchmark[];
  /** As they were typed. */
  readonly arguments: readonly string[];
  readonly machine: readonly string[];
  readonly dateMs: number;
}

export async function writeReport(measured: readonly Measured[], facts: ReportFacts): Promise<void> {
  await mkdir(DOCS, { recursive: true });
  for (const { name, plots = [] } of measured) {
    if (plots.length > 0) await writeFile(path.join(DOCS, plotFile(name)), svgOf(plots));
  }
  const sections = measured.map((one) => {
    const { question = "" } = facts.benchmarks.find(({ name }) => name === one.name) ?? {};
    return section(one, question);
  });
  const text = [head(measured, facts), ...sections].join("\n");
  await writeFile(path.join(DOCS, "performance.md"), text);
}

function plotFile(name: string): string {
  return `performance-${name}.svg`;
}

function head(measured: readonly Measured[], facts: ReportFacts): string {
  const checks = measured.flatMap((one) => one.checks);
  const passed = checks.filter((check) => check.passed).length;
  const minutes = measured.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) / 60_000;
  return `# Performance

Made by \`npm run bench -- ${facts.arguments.join(" ")}\` on ${new Date(facts.dateMs).toISOString().slice(0, 10)}, in ${round(minutes)} minutes; do not edit. \`bench/README.md\` says how it is measured.

${facts.machine.map((line) => `- ${line}`).join("\n")}

Everybody gets the same files on the same local Discord, and they take turns. Figures are medians unless a table says otherwise; compare ratios rather than milliseconds across machines.

## What is promised, and what came out

${passed} of ${checks.length} hold in this run.

${measured
  .filter((one) => one.checks.length > 0)
  .map((one) => checksTable(one.name, one.checks))
  .join("\n")}`;
}

function checksTable(name: string, checks: readonly Check[]): string {
  const rows = checks.map(({ claim, measured, passed }) => [claim, measured, passed ? "yes" : "**no**"]);
  return markdown({ title: "", columns: [name, "measured", "holds"], rows });
}

function section(measured: Measured, question: string): string {
  const { name, tables, notes, plots = [], machineLateMs, elapsedMs } = measured;
  const { p50, p99, max } = machineLateMs;
  const machine = `A thread that only wakes every 20 ms was late by ${round(p50)} / ${round(p99)} / ${round(max)} ms (p50 / p99 / max) during these ${round(elapsedMs / 1_000)} s.`;
  return [
    `## ${name}\n\n${question}\n`,
    ...(plots.length > 0 ? [`![${name}](${plotFile(name)})\n`] : []),
    ...tables.map(markdown),
    `${[...notes, machine].map((note) => `- ${note}`).join("\n")}\n`,
  ].join("\n");
}

function markdown({ title, columns, rows }: Table): string {
  const rule = columns.map((_, column) => (column === 0 ? "---" : "---:"));
  const lines = [columns, rule, ...rows.map((row) => row.map(cellText))].map(markdownRow);
  return `${title && `${title}\n\n`}${lines.join("\n")}\n`;
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
