import { expect, it } from "vitest";
import { pageButtons } from "../../src/command/page-buttons.ts";
import { parseButtonId } from "../../src/command/panel.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";

it.each([
  [1, [true, true, false]],
  [2, [false, true, false]],
  [3, [false, true, true]],
])("on page %d of 3 lead to the pages there are", (page, disabled) => {
  const buttons = pageButtons("queue", { page, pages: 3 }, LANGUAGES.de);
  expect(buttons.map(({ label }) => label)).toEqual(["◀ Zurück", `Seite ${page} von 3`, "Weiter ▶"]);
  expect(buttons.map((button) => button.disabled)).toEqual(disabled);
  expect(buttons.map(({ id }) => parseButtonId(id)?.payload.split(":")[0])).toEqual(
    [page - 1, page, page + 1].map(String),
  );
  expect(new Set(buttons.map(({ id }) => id)).size).toBe(3);
});
