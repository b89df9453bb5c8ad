// Tables for terminals: two blanks between columns, numbers to the right, no lines.

/** One line of cells; numbers are given as text. */
export type TableRow = readonly string[];

export interface TableOptions {
  /** Columns whose content stands to the right, counted from 0. */
  readonly right: readonly number[];
  /** Longest line in characters; longer ones are cut. */
  readonly width: number;
}

/** Lines of a table, without colours. */
export function renderTable(rows: readonly TableRow[], { right, width }: TableOptions): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, at) =>
      right.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
    );
    const line = `  ${cells.join("  ")}`.trimEnd();
    return line.length > width ? `${line.slice(0, width - 1)}…` : line;
  });
}
