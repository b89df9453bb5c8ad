import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { VoiceLink } from "../../src/player/voice-link.ts";
import { allOf, FakePackets } from "../fakes/packets.ts";
import { Gate } from "../fakes/gate.ts";
import { packets, VoiceLab } from "./voice-lab.ts";

const never = new AbortController().signal;
let lab: VoiceLab;
let link: VoiceLink;

beforeAll(async () => {
  lab = await VoiceLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(async () => {
  lab.guild.heard.reset();
  link = await lab.voice().join(lab.lounge, never);
});
afterEach(() => link.leave());

async function heard(count: number): Promise<void> {
  await lab.discord.until(() => lab.guild.heard.sounding.length >= count, { what: `${count} packets` });
}

async function quiet(): Promise<void> {
  await lab.discord.until(() => !lab.guild.heard.speaking, { what: "the end of speech" });
}

function* torn(): Generator<Buffer, void, undefined> {
  yield Buffer.from([0xfc, 1, 2, 3]);
  throw new Error("the disk is gone");
}

describe("a song", () => {
  it("arrives packet by packet as it was given", async () => {
    const given = await allOf(packets(40));
    expect(await link.play(packets(40), never)).toEqual({ status: "finished", playedMs: 800 });
    await heard(40);
    expect(lab.guild.heard.sounding.map(({ opus }) => opus)).toEqual(given);
    expect(lab.guild.heard.lost).toBe(0);
  });

  it("that is interrupted ends with silence, and its packets are read no further", async () => {
    const skip = new AbortController();
    const endless = packets(100_000);
    const playing = link.play(endless, skip.signal);
    await heard(10);
    skip.abort();
    expect(await playing).toMatchObject({ status: "interrupted" });
    const { taken } = endless;
    await quiet();
    expect(lab.guild.heard.packets.slice(-5).every(({ isSilence }) => isSilence)).toBe(true);
    expect(lab.guild.heard.packets.at(-6)).toMatchObject({ isSilence: false });
    expect(endless.taken).toBe(taken);
  });

  it("whose signal has fired before is not heard", async () => {
    expect(await link.play(packets(), AbortSignal.abort())).toMatchObject({
      status: "interrupted",
      playedMs: 0,
    });
    expect(lab.guild.heard.sounding).toEqual([]);
  });

  it("without packets is over at once", async () => {
    expect(await link.play(packets(0), never)).toEqual({ status: "finished", playedMs: 0 });
  });

  it("that cannot be read further fails with a reason", async () => {
    await expect(link.play(new FakePackets(torn()), never)).rejects.toMatchObject({
      code: "INTERNAL",
      cause: expect.anything(),
    });
    expect(await link.play(packets(5), never)).toMatchObject({ status: "finished" });
  });

  it("can be held and goes on where it was held", async () => {
    const playing = link.play(packets(40), never);
    await heard(5);
    link.pause();
    await quiet();
    const { positionMs } = link;
    expect(lab.guild.heard.packets.slice(-5).every(({ isSilence }) => isSilence)).toBe(true);
    expect(positionMs).toBeLessThan(800);
    link.resume();
    expect(await playing).toEqual({ status: "finished", playedMs: 800 });
    expect(lab.guild.heard.sounding).toHaveLength(40);
  });

  it("that is held can be skipped, and the next one is not held", async () => {
    const skip = new AbortController();
    const playing = link.play(packets(500), skip.signal);
    await heard(5);
    link.pause();
    skip.abort();
    expect(await playing).toMatchObject({ status: "interrupted" });
    expect(await link.play(packets(5), never)).toMatchObject({ status: "finished", playedMs: 100 });
  });
});

describe("a song whose connection broke", () => {
  it("can be held meanwhile, and then does not go on by itself", async () => {
    const playing = link.play(packets(40), never);
    await heard(5);
    lab.discord.voice.withholdsServerUpdates = true;
    lab.discord.voice.loseServer(lab.guild);
    // Some frames: from then on the player itself waits for the connection.
    await delay(200);
    link.pause();
    const before = lab.guild.heard.sounding.length;
    lab.discord.voice.withholdsServerUpdates = false;
    lab.discord.voice.reallocate(lab.guild);
    await lab.discord.until(() => lab.guild.heard.packets.at(-1)?.isSilence, { what: "silence" });
    // It begins with some frames of silence in any case, so the frames after those have to be waited for.
    await delay(300);
    expect(lab.guild.heard.sounding.length - before).toBeLessThanOrEqual(1);
    link.resume();
    expect(await playing).toEqual({ status: "finished", playedMs: 800 });
  });
});

describe("a link that was left", () => {
  it("is closed, ends its song as lost and takes no other", async () => {
    const playing = link.play(packets(500), never);
    await heard(5);
    link.leave();
    expect(link.isOpen).toBe(false);
    expect(await playing).toMatchObject({ status: "lost" });
    expect(await link.play(packets(5), never)).toEqual({ status: "lost", playedMs: 0 });
    await lab.discord.until(() => !lab.guild.botVoiceChannel, { what: "the bot leaves" });
  });

  it("is still in its channel for what is to be done before, and the next join waits for that", async () => {
    const gate = new Gate();
    const voice = lab.voice(undefined, { beforeLeaving: () => gate.pass() });
    link.leave();
    await lab.discord.until(() => !lab.guild.botVoiceChannel, { what: "the bot leaves" });
    const first = await voice.join(lab.lounge, never);
    const before = lab.asked.length;
    first.leave();
    const joining = voice.join(lab.channel("Garden"), never);
    await gate.reached;
    expect(lab.asked).toHaveLength(before);
    expect(lab.guild.botVoiceChannel?.name).toBe("Lounge");
    gate.open();
    link = await joining;
    await voice.close();
    expect(lab.asked.slice(before)).toEqual([null, "Garden"]);
  });
});

describe("a link that is to go to another channel", () => {
  it("goes there with the song where it was", async () => {
    const garden = lab.channel("Garden");
    const there = lab.guild.listen("Garden");
    const playing = link.play(packets(150), never);
    await heard(10);
    link.move(garden);
    expect(await playing).toEqual({ status: "finished", playedMs: 3_000 });
    expect(link.channel).toEqual(garden);
    expect(lab.guild.botVoiceChannel?.name).toBe("Garden");
    expect(there.sounding.length).toBeGreaterThan(50);
    expect(lab.guild.listen("Lounge").sounding.length + there.sounding.length).toBeGreaterThan(140);
  });
});
