import { DiscordAPIError } from "discord.js";
import { beforeEach, describe, expect, it } from "vitest";
import { silentLogger } from "../../src/core/logger.ts";
import { VoiceStatus } from "../../src/discord/voice-status.ts";
import { Gate } from "../fakes/gate.ts";

const GUILD = "guild";
/** `<channel> <line>`, in order. */
let written: string[];
let here: string | undefined;
/** Channels whose line the bot may write. */
let allowed: Set<string>;
let gate: Gate | undefined;
let failure: Error | undefined;
let status: VoiceStatus;

beforeEach(() => {
  written = [];
  here = "lounge";
  allowed = new Set(["lounge", "garden"]);
  gate = undefined;
  failure = undefined;
  status = new VoiceStatus({
    channelOf: () => here,
    mayWrite: (_guildId, channelId) => allowed.has(channelId),
    write: async (channelId, line) => {
      written.push(`${channelId} ${line ?? "-"}`);
      await gate?.pass();
      if (failure) throw failure;
    },
    log: silentLogger,
  });
});

/** Everything that was asked for is written. */
async function settled(): Promise<void> {
  await new Promise(setImmediate);
}

const forbidden = (): DiscordAPIError => {
  const request = { files: undefined, body: undefined };
  const body = { code: 50_013, message: "Missing Permissions" };
  return new DiscordAPIError(body, 50_013, 403, "PUT", "voice-status", request);
};

describe("the line of a voice channel", () => {
  it("says what plays there, is written when it changes, and cleared at the end", async () => {
    status.show(GUILD, undefined);
    status.show(GUILD, "one");
    status.show(GUILD, "one");
    await settled();
    status.show(GUILD, "one");
    await settled();
    status.show(GUILD, undefined);
    await settled();
    expect(written).toEqual(["lounge one", "lounge -"]);
  });

  it("is written by one request at a time, and skips what has been overtaken", async () => {
    gate = new Gate();
    for (const title of ["one", "two", "three", "four"]) status.show(GUILD, title);
    await settled();
    expect(written).toEqual(["lounge one"]);
    gate.open();
    await settled();
    expect(written).toEqual(["lounge one", "lounge four"]);
  });

  it("goes with the bot, and does not stay behind", async () => {
    status.show(GUILD, "one");
    await settled();
    here = "garden";
    status.follow(GUILD);
    await settled();
    expect(written).toEqual(["lounge one", "lounge -", "garden one"]);
  });

  it("stays behind where tidying takes a right that the bot has not", async () => {
    status.show(GUILD, "one");
    await settled();
    here = "garden";
    allowed.delete("lounge");
    status.follow(GUILD);
    await settled();
    here = undefined;
    allowed.clear();
    status.show(GUILD, undefined);
    await settled();
    expect(written).toEqual(["lounge one", "garden one"]);
  });

  it("is written anew after the bot was away, because Discord may have cleared it", async () => {
    status.show(GUILD, "one");
    await settled();
    here = undefined;
    allowed.clear();
    status.follow(GUILD);
    await settled();
    here = "lounge";
    allowed.add("lounge");
    status.follow(GUILD);
    await settled();
    expect(written).toEqual(["lounge one", "lounge one"]);
  });

  it("is not asked for where the bot has not the right, and is as soon as it has", async () => {
    allowed.clear();
    status.show(GUILD, "one");
    await settled();
    expect(written).toEqual([]);
    allowed.add("lounge");
    status.show(GUILD, "two");
    await settled();
    expect(written).toEqual(["lounge two"]);
  });
});

describe("a channel that refuses its line", () => {
  it("is not asked again; others are", async () => {
    failure = forbidden();
    status.show(GUILD, "one");
    await settled();
    failure = undefined;
    status.show(GUILD, "two");
    await settled();
    expect(written).toEqual(["lounge one"]);
    here = "garden";
    status.follow(GUILD);
    await settled();
    expect(written).toEqual(["lounge one", "garden two"]);
  });

  it("is asked again when it was only too late, or out of reach", async () => {
    failure = new Error("no network");
    status.show(GUILD, "one");
    await settled();
    failure = forbidden();
    gate = new Gate();
    status.show(GUILD, "two");
    here = undefined;
    allowed.clear();
    gate.open();
    await settled();
    failure = undefined;
    here = "lounge";
    allowed.add("lounge");
    status.show(GUILD, "three");
    await settled();
    expect(written).toEqual(["lounge one", "lounge two", "lounge three"]);
  });
});

describe("leaving", () => {
  it("waits until the line is cleared", async () => {
    status.show(GUILD, "one");
    await settled();
    gate = new Gate();
    let hasLeft = false;
    const leaving = status.clear(GUILD).then(() => (hasLeft = true));
    await settled();
    expect(written).toEqual(["lounge one", "lounge -"]);
    expect(hasLeft).toBe(false);
    gate.open();
    await leaving;
  });

  it("does not wait for ever when Discord does not answer", async () => {
    gate = new Gate();
    status.show(GUILD, "one");
    await status.clear(GUILD);
    expect(written).toEqual(["lounge one"]);
  });
});
