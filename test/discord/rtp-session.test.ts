import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { isLateKeepAlive } from "../../src/discord/rtp-session.ts";

/** Closes a socket of the library in the moment it is opened, and tells what nobody catches. */
const PROGRAM = `
  import { VoiceUDPSocket } from "@discordjs/voice";
  import { isLateKeepAlive } from "./src/discord/rtp-session.ts";
  process.on("uncaughtException", (error) => console.log(error.code, isLateKeepAlive(error)));
  new VoiceUDPSocket({ ip: "127.0.0.1", port: 9 }).destroy();
`;

it("the error of a socket that is closed too early is known for what it is", async () => {
  const cwd = path.join(import.meta.dirname, "../..");
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", PROGRAM], { cwd });
  expect(stdout).toBe("ERR_SOCKET_DGRAM_NOT_RUNNING true\n");
});

it("no other error is taken for it", () => {
  expect(isLateKeepAlive(new Error("Not running"))).toBe(false);
  const elsewhere = Object.assign(new Error("Not running"), { code: "ERR_SOCKET_DGRAM_NOT_RUNNING" });
  expect(isLateKeepAlive(elsewhere)).toBe(false);
});
