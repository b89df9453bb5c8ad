import type { pages as english } from "../en/pages.ts";
import { formatting } from "../formatting.ts";

const { count } = formatting("de");

/** As in `en/pages.ts`. */
export const pages: typeof english = {
  back: "◀ Zurück",
  next: "Weiter ▶",
  page: ({ page, last }) => `Seite ${count(page)} von ${count(last)}`,
};
