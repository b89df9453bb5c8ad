import { formatting } from "../formatting.ts";

const { count } = formatting("en");

/** What a server has chosen. */
export const settings = {
  title: "Settings of this server",
  option: ({
    name,
    value,
    range,
    standard,
  }: {
    name: string;
    value: string;
    range: string;
    standard: string;
  }): string => `\`${name}\` **${value}** · ${range} · default ${standard}`,
  fromTo: ({ min, max }: { min: number; max: number }): string => `${count(min)} to ${count(max)}`,
  characters: ({ most }: { most: number }): string => `1 to ${count(most)} characters`,
  role: "a role",
  channel: "a text channel",
  none: "none",
  others: ({
    volume,
    profile,
    filter,
    language,
  }: {
    volume: number;
    profile: string;
    filter: string;
    language: string;
  }): string =>
    `With commands of their own: \`volume\` **${count(volume)} %** · \`profile\` **${profile}** · \`filter\` **${filter}** · \`language\` **${language}**`,
  howTo: ({ line }: { line: string }): string => `Change one: ${line} · back to the default: reset`,
  untidy: "What people write there stays: with **Manage Messages** I can delete it once it is in the queue.",
  changed: ({ name, value }: { name: string; value: string }): string => `\`${name}\` is **${value}** now.`,
};
