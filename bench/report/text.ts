/** A result as text for a terminal. */
import type { Cell, Check, Measured, Table } from "../kit/result.ts";
import { round } from "../kit/result.ts";

export function textOf(measured: Measured, question: string): string {
  const { name, elapsedMs, machineLateMs, tables, checks, notes } = measured;
  const { p50, p99, max } = machineLateMs;
  const machine = `The machine was late by ${round(p50)} / ${round(p99)} / ${round(max)} ms (p50 / p99 / max); ${round(elapsedMs / 1_000)} s.`;
  const parts = [
    `\n${name}: ${question}`,
    ...tables.map(tableText),
    checks.map(checkText).join("\n"),
    [...notes, machine].map((note) => `- ${note}`).join("\n"),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function tableText({ title, columns, rows }: Table): string {
  const all = [columns, ...rows].map((row) => row.map(cellText));
  const widths = columns.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) => row.map((cell, column) => pad(cell, widths[column]!, column)).join("  "));
  return [title, ...lines].join("\n");
}

/** Names stand left, numbers right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

export function cellText(cell: Cell): string {
  if (typeof cell === "string") return cell;
  return Number.isFinite(cell) ? String(round(cell)) : "–";
}

function checkText({ claim, measured, passed }: Check): string {
  return `${passed ? "ok    " : "failed"}  ${claim}: ${measured}`;
}
