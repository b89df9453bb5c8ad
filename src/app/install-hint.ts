/** The command that installs a program on the system at hand. */
import { readFile } from "node:fs/promises";

const COMMANDS: readonly (readonly [family: RegExp, command: string])[] = [
  [/\b(?:debian|ubuntu)\b/u, "sudo apt-get install -y"],
  [/\b(?:fedora|rhel|centos)\b/u, "sudo dnf install -y"],
  [/\b(?:arch)\b/u, "sudo pacman -S"],
  [/\b(?:alpine)\b/u, "sudo apk add"],
  [/\b(?:suse|opensuse)\b/u, "sudo zypper install"],
];

/**
 * @param osRelease text of `/etc/os-release`; empty elsewhere
 * @returns such as `sudo apt-get install -y ffmpeg`
 */
export function installHint(name: string, platform: NodeJS.Platform, osRelease: string): string {
  if (platform === "darwin") return `brew install ${name}`;
  if (platform === "win32") return `winget install ${name}`;
  const families = [...osRelease.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]{0,200})"?$/gmu)].map(
    (match) => match[1],
  );
  const found = COMMANDS.find(([family]) => family.test(families.join(" ")));
  return found ? `${found[1]} ${name}` : `install the package ${name}`;
}

/** The hint for this machine. */
export async function installHintHere(name: string): Promise<string> {
  return installHint(name, process.platform, await readFile("/etc/os-release", "utf8").catch(() => ""));
}
