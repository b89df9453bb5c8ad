/** Writes the settings as people read them, so that documentation and schema cannot drift apart. */
import { withSection } from "../core/marked-section.ts";
import { describeSettings } from "./settings.ts";
import type { SettingDescription } from "./settings.ts";

const LINE_WIDTH = 100;

/** The whole text of `.env.example`. */
export function envExample(): string {
  const head = [
    "# Settings of Encore. Copy this file to .env and keep it to yourself: chmod 600 .env",
    "# Every line that begins with # is optional and shows the default or an example.",
    "# Written by `npm run docs`.",
  ];
  return `${[head.join("\n"), ...describeSettings().map(envLines)].join("\n\n")}\n`;
}

function envLines(setting: SettingDescription): string {
  const about = wrap(setting.description).map((line) => `# ${line}`);
  if (setting.name === "DISCORD_TOKEN") return [...about, "DISCORD_TOKEN="].join("\n");
  const example =
    setting.default === undefined ? `# Example: ${setting.name}=${setting.example ?? ""}` : undefined;
  const line = setting.default === undefined ? `#${setting.name}=` : `#${setting.name}=${setting.default}`;
  return [...about, ...(example === undefined ? [] : [example]), line].join("\n");
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > LINE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** The settings as a Markdown table. */
export function settingsTable(): string {
  const rows = describeSettings().map(
    ({ name, default: fallback, description, example }) =>
      `| \`${name}\` | ${fallback === undefined ? "" : `\`${fallback}\``} | ${description}${
        example === undefined ? "" : ` Example: \`${example}\`.`
      } |`,
  );
  return ["| Setting | Default | What it does |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The text with the table between its two markers replaced; `undefined` = the markers are missing. */
export function withSettingsTable(readme: string): string | undefined {
  return withSection(readme, "settings", settingsTable());
}
