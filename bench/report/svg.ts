/** Small plots as SVG, readable on light and dark pages. */
import type { Plot } from "../kit/result.ts";
import { round } from "../kit/result.ts";

type Bars = Extract<Plot, { kind: "bars" }>;
type Lines = Extract<Plot, { kind: "lines" }>;

const WIDTH = 760;
const TEXT = "#6b7280";
const GRID = "#9ca3af55";
/** The second tint is for the same bot with encryption. */
const TINTS = {
  ours: ["#2563eb", "#60a5fa"],
  others: ["#d97706", "#fbbf24"],
  floor: ["#4b5563", "#9ca3af"],
} as const;

/** One or more plots below each other. */
export function svgOf(plots: readonly Plot[]): string {
  let height = 0;
  const parts = plots.map((plot) => {
    const drawn = plot.kind === "bars" ? bars(plot) : lines(plot);
    const group = `<g transform="translate(0 ${height})">${drawn.body}</g>`;
    height += drawn.height;
    return group;
  });
  const style = `font-family="system-ui, sans-serif" font-size="13" fill="${TEXT}"`;
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${style}>\n${parts.join("\n")}\n</svg>\n`;
}

interface Drawn {
  readonly body: string;
  readonly height: number;
}

function bars({ title, unit, bars: all }: Bars): Drawn {
  const from = 290;
  const rowHeight = 30;
  const most = Math.max(...all.map(({ value }) => value).filter(Number.isFinite), 1);
  const rows = all.map(({ label, value, whose }, index) => {
    const y = 40 + index * rowHeight;
    const length = Number.isFinite(value) ? (value / most) * (WIDTH - from - 90) : 0;
    const figure = Number.isFinite(value) ? `${round(value)} ${unit}` : "–";
    const bar = `<rect x="${from}" y="${y}" width="${fix(length)}" height="18" rx="3" fill="${TINTS[whose][0]}"/>`;
    return `${text(label, from - 10, y + 14, "end")}${bar}${text(figure, from + length + 8, y + 14)}`;
  });
  return { body: heading(title) + rows.join(""), height: 50 + all.length * rowHeight };
}

const PLOT = { left: 60, right: 150, top: 40, bottom: 50, height: 300 } as const;

function lines({ title, unit, xTitle, lines: all }: Lines): Drawn {
  const points = all.flatMap((line) => line.points);
  const xs = [...new Set(points.map(([x]) => x))].toSorted((a, b) => a - b);
  const most = niceTop(Math.max(...points.map(([, y]) => y), 1));
  const right = WIDTH - PLOT.right;
  const bottom = PLOT.height - PLOT.bottom;
  const xOf = (x: number): number => PLOT.left + (x / (xs.at(-1) ?? 1)) * (right - PLOT.left);
  const yOf = (y: number): number => bottom - (y / most) * (bottom - PLOT.top);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const y = yOf(share * most);
    const line = `<path d="M${PLOT.left} ${fix(y)}H${right}" stroke="${GRID}"/>`;
    return line + text(String(round(share * most)), PLOT.left - 8, y + 4, "end");
  });
  const ticks = xs.filter((x, index) => index === 0 || xOf(x) - xOf(xs[index - 1]!) > 24);
  const labels = ticks.map((x) => text(String(x), xOf(x), bottom + 20, "middle"));
  const count = { ours: 0, others: 0, floor: 0 };
  const drawn = all.map(({ label, whose, points: path }, index) => {
    const tint = TINTS[whose][count[whose]++ % 2]!;
    const d = path.map(([x, y], at) => `${at === 0 ? "M" : "L"}${fix(xOf(x))} ${fix(yOf(y))}`).join("");
    const dots = path.map(
      ([x, y]) => `<circle cx="${fix(xOf(x))}" cy="${fix(yOf(y))}" r="3" fill="${tint}"/>`,
    );
    const y = PLOT.top + 12 + index * 22;
    const key = `<rect x="${right + 14}" y="${y - 9}" width="12" height="4" fill="${tint}"/>`;
    return `<path d="${d}" fill="none" stroke="${tint}" stroke-width="2"/>${dots.join("")}${key}${text(label, right + 32, y)}`;
  });
  const axis = text(xTitle, (PLOT.left + right) / 2, bottom + 40, "middle");
  const body = [heading(`${title}, ${unit}`), ...grid, ...labels, axis, ...drawn].join("");
  return { body, height: PLOT.height + 10 };
}

/** 1, 2 or 5 times a power of ten, not below. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= value) ?? value;
}

function heading(title: string): string {
  return `<text x="0" y="20" font-weight="600">${escape(title)}</text>`;
}

function text(content: string, x: number, y: number, anchor = "start"): string {
  return `<text x="${fix(x)}" y="${fix(y)}" text-anchor="${anchor}">${escape(content)}</text>`;
}

function fix(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
