/** What the figures were measured on. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { FFMPEG } from "../kit/songs.ts";

/** One line each. */
export function machineFacts(loadBefore: number): string[] {
  const [cpu] = os.cpus();
  const [ffmpegVersion] = execFileSync(FFMPEG, ["-version"], { encoding: "utf8" }).split("\n");
  return [
    `${os.cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${Math.round(os.totalmem() / 1e9)} GB`,
    `${os.type()} ${os.release()}, Node ${process.version}`,
    ffmpegVersion?.replace(/ Copyright.*$/u, "") ?? "",
    peerVersions(),
    `load average when it began: ${loadBefore.toFixed(2)}`,
  ];
}

function peerVersions(): string {
  const file = path.join(import.meta.dirname, "../package.json");
  const { dependencies } = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
  const names = ["@discordjs/voice", "discord-player", "distube", "mediaplex"];
  return names.map((name) => `${name} ${dependencies[name]}`).join(", ");
}
