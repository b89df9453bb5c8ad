import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SUPERVISION } from "../../src/discord/voice-supervisor.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { HASTY, packets, VoiceLab } from "./voice-lab.ts";

const never = new AbortController().signal;
let lab: VoiceLab;

beforeEach(async () => {
  lab = await VoiceLab.open();
});
afterEach(() => lab[Symbol.asyncDispose]());

describe("a connection that does not come about", () => {
  it("is given up after a bounded number of tries when Discord names no server", async () => {
    lab.discord.voice.withholdsServerUpdates = true;
    await expect(lab.voice().join(lab.lounge, never)).rejects.toMatchObject({
      code: "VOICE_UNREACHABLE",
      message: expect.stringContaining(`<#${lab.lounge.channelId}>`),
    });
    await lab.discord.until(() => !lab.guild.botVoiceChannel, { what: "the bot leaves" });
    // Before each new try it leaves: to those who are there Discord does not name a server again.
    const tries = Array.from({ length: HASTY.maxTries }, () => [null, "Lounge"]);
    expect(lab.asked).toEqual(["Lounge", ...tries.flat(), null]);
  });

  it("is given up the same way with the limits a bot has, within some two minutes", () => {
    // Nothing here waits for it: the sum of all phases and pauses is what a person would wait.
    const { phaseMs, maxTries, pauseMs } = SUPERVISION;
    const pausesMs = Array.from({ length: maxTries }, (_, index) => pauseMs(index + 1));
    expect(pausesMs.reduce((sum, ms) => sum + ms, phaseMs * (maxTries + 1))).toBeLessThan(120_000);
    expect(pausesMs).toEqual(pausesMs.toSorted((a, b) => a - b));
  });

  it("is tried anew when the discovery packet gets lost", async () => {
    lab.discord.voice.server.udp.discoveriesToDrop = 1;
    const link = await lab.voice().join(lab.lounge, never);
    expect(await link.play(packets(), never)).toEqual({ status: "finished", playedMs: 1000 });
    await lab.discord.until(() => lab.guild.heard.sounding.length === 50, { what: "all of it" });
    link.leave();
  });

  it("does not hammer Discord when every session is refused, and pauses for longer each time", async () => {
    lab.discord.voice.server.closeOnIdentify = 4006;
    const pauses: number[] = [];
    const pauseMs = (tries: number): number => {
      pauses.push(tries);
      return 20;
    };
    const joining = lab.voice({ ...HASTY, pauseMs }).join(lab.lounge, never);
    await expect(joining).rejects.toMatchObject({ code: "VOICE_UNREACHABLE" });
    await lab.discord.until(() => lab.asked.at(-1) === null, { what: "the bot leaves" });
    expect(lab.asked).toEqual(["Lounge", "Lounge", null, "Lounge", null, "Lounge", null]);
    expect(pauses).toEqual([2, 3]);
  });

  it.each([
    [4017, "VOICE_ENCRYPTION"],
    [4022, "VOICE_LOST"],
  ])("is not tried again after close code %d", async (closeCode, code) => {
    lab.discord.voice.server.closeOnIdentify = closeCode;
    await expect(lab.voice().join(lab.lounge, never)).rejects.toMatchObject({ code });
    await lab.discord.until(() => lab.asked.length > 1, { what: "the bot leaves" });
    expect(lab.asked).toEqual(["Lounge", null]);
  });

  it("is called off by its signal", async () => {
    lab.discord.voice.withholdsServerUpdates = true;
    const stop = new AbortController();
    const joining = lab.voice().join(lab.lounge, stop.signal);
    await lab.discord.until(() => lab.guild.botVoiceChannel, { what: "the bot to come" });
    stop.abort();
    await expect(joining).rejects.toMatchObject({ code: "ABORTED" });
    await lab.discord.until(() => !lab.guild.botVoiceChannel, { what: "the bot leaves" });
  });
});

/** Breaks the connection so many times, each time after it came about. */
async function breaks(times: number): Promise<void> {
  const { server } = lab.discord.voice;
  for (let count = 1; count <= times; count += 1) {
    await lab.discord.until(() => server.sessionOf(lab.guild)?.mode, { what: `connection ${count}` });
    server.disconnect(lab.guild, 4006);
  }
}

describe("a connection that works", () => {
  it("is lost when it breaks again and again", async () => {
    const link = await lab.voice().join(lab.lounge, never);
    const playing = link.play(packets(500), never);
    await breaks(HASTY.maxTries + 1);
    expect(await playing).toMatchObject({ status: "lost" });
    expect(link.isOpen).toBe(false);
    await lab.discord.until(() => !lab.guild.botVoiceChannel, { what: "the bot leaves" });
  });

  it("earns its tries anew by working for a while", async () => {
    const link = await lab.voice({ ...HASTY, stableMs: 0 }).join(lab.lounge, never);
    await breaks(HASTY.maxTries + 3);
    await lab.discord.until(() => lab.discord.voice.server.sessionOf(lab.guild)?.mode, {
      what: "a connection",
    });
    expect(await link.play(packets(), never)).toMatchObject({ status: "finished" });
    link.leave();
  });

  it("that breaks, and then loses its discovery packet, plays on all the same", async () => {
    const link = await lab.voice().join(lab.lounge, never);
    const playing = link.play(packets(), never);
    await lab.discord.until(() => lab.guild.heard.sounding.length > 5, { what: "sound" });
    lab.discord.voice.server.udp.discoveriesToDrop = 1;
    lab.discord.voice.server.disconnect(lab.guild, 4006);
    expect(await playing).toEqual({ status: "finished", playedMs: 1000 });
    expect(lab.guild.heard.sounding.length).toBeGreaterThanOrEqual(45);
    link.leave();
  });

  it("tells once that nothing listens at the server any more, not with every packet", async () => {
    const log = new RecordingLogger();
    const link = await lab.voice(HASTY, { log }).join(lab.lounge, never);
    const { udp } = lab.discord.voice.server;
    const playing = link.play(packets(), never);
    await lab.discord.until(() => lab.guild.heard.sounding.length > 5, { what: "sound" });
    await udp.close();
    expect(await playing).toMatchObject({ status: "finished" });
    expect(log.named("voice.error")).toMatchObject([{ error: { code: "ECONNREFUSED" } }]);
    link.leave();
  });

  it("is over when people disconnect the bot: it does not force its way back", async () => {
    const link = await lab.voice().join(lab.lounge, never);
    const playing = link.play(packets(500), never);
    await lab.discord.until(() => lab.guild.heard.sounding.length > 5, { what: "sound" });
    lab.discord.voice.kick(lab.guild);
    const reason = { code: "VOICE_KICKED", context: { channel: `<#${lab.lounge.channelId}>` } };
    expect(await playing).toMatchObject({ status: "lost", reason });
    expect(lab.asked.filter((name) => name !== null)).toEqual(["Lounge"]);
  });

  it("is over at once when people disconnect the bot, without waiting whether it is moved", async () => {
    const link = await lab.voice({ ...HASTY, moveMs: 600_000 }).join(lab.lounge, never);
    const playing = link.play(packets(500), never);
    await lab.discord.until(() => lab.guild.heard.sounding.length > 5, { what: "sound" });
    lab.discord.voice.kick(lab.guild);
    expect(await playing).toMatchObject({ status: "lost", reason: { code: "VOICE_KICKED" } });
  });

  it("is not over when people move the bot", async () => {
    const link = await lab.voice().join(lab.lounge, never);
    const playing = link.play(packets(), never);
    await lab.discord.until(() => lab.guild.heard.sounding.length > 5, { what: "sound" });
    lab.discord.voice.move(lab.guild, "Garden");
    expect(await playing).toEqual({ status: "finished", playedMs: 1000 });
    expect(link.channel).toMatchObject({ name: "Garden", channelId: lab.guild.channel("Garden").id });
    link.leave();
  });
});
