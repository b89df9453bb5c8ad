/** Second half of `npm run setup`: everything but the dependencies. Leaves with 0, 1, or 5 for bad configuration. */
import path from "node:path";
import { isCancel, password } from "@clack/prompts";
import { writeSetting } from "../src/app/env-file.ts";
import { renderFinding } from "../src/app/finding.ts";
import type { Finding } from "../src/app/finding.ts";
import { runSetup } from "../src/app/setup.ts";
import { loadConfig } from "../src/config/config.ts";
import type { Config, ConfigFiles } from "../src/config/config.ts";
import { configFiles, readEnvironment } from "../src/config/environment.ts";
import { canInstall, install } from "./system-package.cjs";

const ROOT = path.join(import.meta.dirname, "..");
// Whoever reads the output may stop reading: `npm run doctor | head`.
process.stdout.on("error", () => undefined);
const say = (finding: Finding): void => console.log(renderFinding(finding, process.stdout));
const sayBefore = (text: string): void => console.log(`…        ${text}`);

/** Asks for the token when there is none and somebody can answer, and keeps it in `.env`. */
async function askForToken(config: Config, files: ConfigFiles): Promise<string | undefined> {
  if (config.discord.token) return undefined;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const text = "there is no terminal to ask on. Write DISCORD_TOKEN=… into .env, then: chmod 600 .env";
    say({ name: "token", status: "warning", text });
    return undefined;
  }
  const token = await password({
    message: "Token of your bot (discord.com/developers/applications → your application → Bot → Reset Token)",
    validate(text) {
      try {
        if (loadConfig({ DISCORD_TOKEN: text }, files).config.discord.token) return undefined;
      } catch {
        return "That is not a token: copy it whole and alone.";
      }
      return "Paste the token, or press Ctrl+C to leave.";
    },
  });
  if (isCancel(token)) process.exit(130);
  await writeSetting(ROOT, "DISCORD_TOKEN", token.trim());
  return token.trim();
}

async function main(): Promise<number> {
  const files = configFiles(ROOT);
  const environment = readEnvironment(ROOT);
  let { config, warnings } = loadConfig(environment, files);
  const token = process.argv.includes("--interactive") ? await askForToken(config, files) : undefined;
  if (token !== undefined)
    ({ config, warnings } = loadConfig({ ...environment, DISCORD_TOKEN: token }, files));
  for (const text of warnings) say({ name: "settings", status: "warning", text });
  const options = { config, environment, packages: { canInstall, install }, onSlowStep: sayBefore };
  let exitCode = 0;
  for await (const finding of runSetup(options, new AbortController().signal)) {
    say(finding);
    if (finding.status === "problem") exitCode = 1;
  }
  console.log(
    exitCode === 0 ? "Ready: npm start, or npm run demo" : "Not ready yet: see the problems above.",
  );
  return exitCode;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof Error && "code" in error && error.code === "CONFIG_INVALID" ? 5 : 1;
}
