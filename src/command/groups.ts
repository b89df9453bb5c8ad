/** What commands are about; `help` shows them by these, in this order. */
export const GROUPS = ["play", "queue", "sound", "taste", "server", "cache"] as const;

export type Group = (typeof GROUPS)[number];
