import type { taste as english } from "../../en/commands/taste.ts";

/** As in `en/commands/taste.ts`. */
export const taste: typeof english = {};
