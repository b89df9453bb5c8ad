/** Finds misspelt names: a misspelt limit would otherwise fall back to its default in silence. */

const MOST_EDITS = 2;

/** One sentence for each name that is not known but differs from a known one in two letters at most. */
export function lookAlikeWarnings(
  names: Iterable<string>,
  known: readonly string[],
  ignored: readonly string[],
): readonly string[] {
  const warnings: string[] = [];
  for (const name of names) {
    if (known.includes(name) || ignored.includes(name)) continue;
    const meant = known.find((candidate) => differsLittle(name.toUpperCase(), candidate));
    if (meant !== undefined) warnings.push(`${name} is not a setting: did you mean ${meant}?`);
  }
  return warnings;
}

function differsLittle(name: string, candidate: string): boolean {
  return (
    Math.abs(name.length - candidate.length) <= MOST_EDITS && editDistance(name, candidate) <= MOST_EDITS
  );
}

/** Levenshtein distance: insertions, deletions and replacements between two words. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
