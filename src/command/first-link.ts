/** Longer ones are nobody's. */
const LINK = /https?:\/\/[^\s<>]{1,2000}/u;

/** What ends a sentence or is Markdown; no ID ends with it. */
const MARK = /[.,;:!?'"*|]$/u;

/** The first link in what people write, without the marks and brackets around it. */
export function firstLink(text: string): string | undefined {
  // A link may be the title of another.
  const [found = ""] = LINK.exec(text)?.[0].split("](") ?? [];
  let link = found;
  while (MARK.test(link) || endsUnopened(link, "(", ")") || endsUnopened(link, "[", "]"))
    link = link.slice(0, -1);
  return link || undefined;
}

function endsUnopened(link: string, open: string, close: string): boolean {
  return link.endsWith(close) && link.split(close).length > link.split(open).length;
}
