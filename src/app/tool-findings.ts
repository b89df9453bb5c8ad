/** What `setup` and `doctor` say about the programs that the bot uses. */
import { ffmpegHealth, findFfmpeg } from "../audio/find-ffmpeg.ts";
import type { Config } from "../config/config.ts";
import type { Clock } from "../core/clock.ts";
import type { ProcessRunner } from "../process/runner.ts";
import { judgeVersion } from "../sources/yt-dlp-find.ts";
import type { YtDlpFound } from "../sources/yt-dlp-find.ts";
import type { Finding } from "./finding.ts";
import { installHintHere } from "./install-hint.ts";

/** Without ffmpeg the bot plays what is kept and can prepare nothing new; on a new machine that is nothing at all. */
export async function checkFfmpeg(
  runner: ProcessRunner,
  config: Config,
  signal: AbortSignal,
): Promise<Finding> {
  const name = "ffmpeg";
  const { ffmpegPath: configuredPath } = config.audio;
  const found = await findFfmpeg({ runner, configuredPath }, signal);
  if (found === undefined) {
    const text = `missing, so no new song can be prepared. Install it: ${await installHintHere("ffmpeg")}`;
    return { name, status: "problem", text, facts: { path: null } };
  }
  const health = await ffmpegHealth(runner, found, signal);
  const { path, version, problems } = health;
  if (problems.length > 0) return { name, status: "problem", text: problems.join(" "), facts: { ...health } };
  return configuredPath !== undefined && path !== configuredPath
    ? {
        name,
        status: "warning",
        text: `FFMPEG_PATH does not start: ${configuredPath}. Using ${path} instead.`,
        facts: { ...health },
      }
    : { name, status: "ok", text: `${version} with libopus, ${path}`, facts: { ...health } };
}

/** Without yt-dlp the bot runs on its other extractors. */
export function ytDlpFinding(found: YtDlpFound, clock: Clock): Finding {
  const name = "yt-dlp";
  if (!found.command || found.version === null) {
    const lost = "links and searches depend on the other extractors, which fail more often";
    const text = `missing, so ${lost}. ${found.problems.join(" ")}`;
    return { name, status: "warning", text, facts: { version: null } };
  }
  const judged = judgeVersion(found.version, clock);
  const problems = [...found.problems, ...judged.problems];
  const facts = { version: found.version, ageDays: judged.ageDays, path: found.command.command };
  return problems.length > 0
    ? { name, status: "warning", text: problems.join(" "), facts }
    : { name, status: "ok", text: `${found.version}, ${found.command.command}`, facts };
}

/** The token is never shown, whole or in part. */
export function tokenFinding(config: Config): Finding {
  const name = "token";
  const token = config.discord.token?.reveal();
  if (token === undefined) {
    const text =
      "none yet, so the bot does not start. Make one at https://discord.com/developers/applications → Bot → Reset Token, then: npm run setup -- --interactive";
    return { name, status: "problem", text, facts: { present: false } };
  }
  // Base64 of the bot's ID, a time stamp, a signature.
  const isRight = /^[\w-]{20,40}\.[\w-]{5,8}\.[\w-]{20,64}$/u.test(token);
  return isRight
    ? { name, status: "ok", text: "there, and of the right shape", facts: { present: true } }
    : {
        name,
        status: "warning",
        text: "there, but it does not look like a bot token (three parts with dots between). Copy it again from Bot → Reset Token.",
        facts: { present: true },
      };
}
