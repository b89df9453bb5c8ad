// What a person typed, as words and as groups of three letters. No I/O.

/** More words than this make a search no better, and each costs. */
const MOST_WORDS = 10;
const MOST_CHARACTERS = 100;

/** The words of a text, in lower case, without punctuation. */
export function wordsOf(text: string): string[] {
  const shown = text.normalize("NFKC").toLowerCase().slice(0, MOST_CHARACTERS);
  return (shown.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, MOST_WORDS);
}

/** All groups of three letters inside the words, without accents. Shorter words have none. */
export function trigramsOf(words: readonly string[]): ReadonlySet<string> {
  const trigrams = new Set<string>();
  for (const word of words) {
    const letters = Array.from(word.normalize("NFD").replaceAll(/\p{M}/gu, ""));
    for (let at = 0; at + 3 <= letters.length; at += 1) trigrams.add(letters.slice(at, at + 3).join(""));
  }
  return trigrams;
}

/** Share of the groups of three letters that a text holds, 0 to 1. */
export function likeness(typed: ReadonlySet<string>, text: string): number {
  const there = trigramsOf(
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [],
  );
  return [...typed].filter((trigram) => there.has(trigram)).length / typed.size;
}
