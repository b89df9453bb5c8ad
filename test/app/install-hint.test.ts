import { expect, test } from "vitest";
import { installHint } from "../../src/app/install-hint.ts";

test.each([
  ["linux", 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', "sudo apt-get install -y ffmpeg"],
  ["linux", 'ID=ubuntu\nID_LIKE="debian"\n', "sudo apt-get install -y ffmpeg"],
  ["linux", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', "sudo apt-get install -y ffmpeg"],
  ["linux", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', "sudo dnf install -y ffmpeg"],
  ["linux", "ID=arch\n", "sudo pacman -S ffmpeg"],
  ["linux", "ID=alpine\n", "sudo apk add ffmpeg"],
  ["linux", "ID=nixos\n", "install the package ffmpeg"],
  ["linux", "", "install the package ffmpeg"],
  ["darwin", "", "brew install ffmpeg"],
  ["win32", "", "winget install ffmpeg"],
] as const)("on %s with %j: %s", (platform, osRelease, command) => {
  expect(installHint("ffmpeg", platform, osRelease)).toBe(command);
});
