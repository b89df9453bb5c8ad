/** The text with what stands between `<!-- name:begin -->` and `<!-- name:end -->` replaced; `undefined` = they are missing. */
export function withSection(text: string, name: string, content: string): string | undefined {
  const begin = `<!-- ${name}:begin -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(`<!-- ${name}:end -->`);
  if (from === -1 || to < from) return undefined;
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}
