import type { Message } from "discord.js";
import { describe, expect, it } from "vitest";
import { silentLogger } from "../../src/core/logger.ts";
import { commandLine, onMessage } from "../../src/discord/prefix.ts";
import type { SurfaceDeps } from "../../src/discord/surfaces.ts";
import { en } from "../../src/texts/en/index.ts";

const ME = "42";

describe("a line", () => {
  it.each([
    ["?play some song", { name: "play", rest: "some song" }],
    ["?PLAY Some Song", { name: "play", rest: "Some Song" }],
    ["?skip", { name: "skip", rest: "" }],
    ["?play  <https://youtu.be/x>\n", { name: "play", rest: "<https://youtu.be/x>\n" }],
    ["<@42> play it", { name: "play", rest: "it" }],
    ["<@!42>play it", { name: "play", rest: "it" }],
    ["<@42>", undefined],
    ["?", undefined],
    ["?   ", undefined],
    ["hello ?play", undefined],
    ["<@43> play it", undefined],
    ["", undefined],
  ])("%j means %j", (content, expected) => {
    expect(commandLine(content, "?", ME)).toEqual(expected);
  });

  it("has another prefix where the operator says so, and none where they are off", () => {
    expect(commandLine("!!play x", "!!", ME)).toEqual({ name: "play", rest: "x" });
    expect(commandLine("?play x", "!!", ME)).toBeUndefined();
    expect(commandLine("?play x", undefined, ME)).toBeUndefined();
    expect(commandLine("<@42> play x", undefined, ME)).toEqual({ name: "play", rest: "x" });
  });
});

/** Whether the bot answered, for a direct message that asks for help. */
async function answered(change: object, shutdown = new AbortController().signal): Promise<boolean> {
  const answers: unknown[] = [];
  const services = { prefix: "?", languages: { textsFor: () => en } };
  const deps = { commands: [{ name: "help" }], services, shutdown, log: silentLogger };
  const message = {
    author: { bot: false },
    webhookId: null,
    system: false,
    content: "?help",
    inGuild: () => false,
    reply: async (payload: unknown) => answers.push(payload),
    ...change,
  };
  await onMessage(deps as unknown as SurfaceDeps, message as unknown as Message, ME);
  return answers.length > 0;
}

describe("a message", () => {
  it("of a person is answered", async () => {
    expect(await answered({})).toBe(true);
  });

  it.each([
    ["a bot", { author: { bot: true } }],
    ["a webhook", { webhookId: "7" }],
    ["Discord itself", { system: true }],
    ["somebody who talks of something else", { content: "?helpless" }],
  ])("of %s is not", async (_who, change) => {
    expect(await answered(change)).toBe(false);
  });

  it("is not answered while the bot goes down", async () => {
    expect(await answered({}, AbortSignal.abort())).toBe(false);
  });
});
