/** What people call songs to see what a bot does. */
export const NASTY_TITLES: readonly string[] = [
  "@everyone @here <@123> <@&456> <#789> </play:1>",
  "**bold** __under__ ~~gone~~ ||hidden|| `code` ```block```",
  "[click](https://evil.example) <https://evil.example> https://evil.example",
  "# Heading\n> quote\n- list\n1. one\n-# small",
  "\u202Egnp.exe\u202C \u2066turned\u2069",
  "zero\u200Bwidth\u200D\uFEFF\u2060",
  `ends with ${"\\".repeat(3)}`,
  "x".repeat(2_000),
  "😀👩‍👩‍👧‍👦".repeat(300),
  "half a character \uD83D",
  "{title} ${title} %s $& <t:0:R> :smile: <:a:1>",
];

/** Whether a text would ping, format, hide or turn something that is not ours. */
export function harmOf(text: string): string | undefined {
  const bare = text.replaceAll(/\\[\p{P}\p{S}]/gu, "");
  return (
    /@(?:everyone|here)|<@&|<#\d|<\/|\]\(|\|\||~~|```|^> |<:\w|<https?:|:smile:/mu.exec(bare)?.[0] ??
    /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u.exec(text)?.[0] ??
    (text.isWellFormed() ? undefined : "half a character")
  );
}
