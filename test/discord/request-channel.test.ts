import type { Message } from "discord.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Services } from "../../src/command/context.ts";
import { guildOptions } from "../../src/core/guild-options.ts";
import { isRequest, requestLine, tidyUp } from "../../src/discord/request-channel.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { fakeHandle } from "../fakes/message-handle.ts";

const message = (more: object = {}): Message =>
  ({
    inGuild: () => true,
    guildId: "guild",
    channelId: "777",
    content: "",
    attachments: new Map(),
    ...more,
  }) as unknown as Message;
const refuses = (): Promise<never> => Promise.reject(new Error("Unknown Message"));
const services = (prefix: string | undefined): Services =>
  ({ prefix, options: { of: () => guildOptions({ requestChannel: "777" }) } }) as unknown as Services;

describe("a message is a request", () => {
  it.each([
    ["in the request channel", {}, "?", true],
    ["elsewhere", { channelId: "778" }, "?", false],
    ["in a direct message", { inGuild: () => false }, "?", false],
    ["where nobody's words are read", {}, undefined, false],
  ])("%s", (_where, more, prefix, expected) => {
    expect(isRequest(services(prefix), message(more))).toBe(expected);
  });

  it.each([
    ["its words", { content: " toto africa\n" }, { name: "play", rest: "toto africa" }],
    ["nothing", { content: " " }, undefined],
    [
      "its file",
      { attachments: { first: () => ({ url: "https://cdn/a.ogg" }) } },
      { name: "play", rest: "https://cdn/a.ogg" },
    ],
  ])("for %s", (_what, more, expected) => {
    const attachments = { first: () => undefined };
    expect(requestLine(message({ attachments, ...more }))).toEqual(expected);
  });
});

describe("what was said about it", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
  });
  afterEach(() => vi.useRealTimers());

  it("is deleted, the wish at once and the answer when it was read", async () => {
    const gone: string[] = [];
    const deleting = (name: string) => async (): Promise<never> => gone.push(name) as never;
    const answer = fakeHandle(() => undefined, { delete: deleting("answer") });
    await tidyUp(message({ deletable: true, delete: deleting("wish") }), answer, new RecordingLogger());
    expect(gone).toEqual(["wish"]);
    await vi.advanceTimersByTimeAsync(14_999);
    expect(gone).toEqual(["wish"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(gone).toEqual(["wish", "answer"]);
  });

  it("stays where it cannot be deleted, and that is no failure", async () => {
    const log = new RecordingLogger();
    await tidyUp(message({ deletable: false, delete: refuses }), undefined, log);
    expect(log.events).toEqual([]);
    await tidyUp(message({ deletable: true, delete: refuses }), undefined, log);
    expect(log.named("request.not_tidied")).toHaveLength(1);
  });
});
