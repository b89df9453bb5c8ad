import { formatting } from "../formatting.ts";

const { count } = formatting("en");

/** Turning the pages of a long answer. */
export const pages = {
  back: "◀ Back",
  next: "Next ▶",
  page: ({ page, last }: { page: number; last: number }): string => `Page ${count(page)} of ${count(last)}`,
};
