// One session after the other on real connections: every way to stop and to go on, in every encryption.
import { getVoiceConnection } from "@discordjs/voice";
import { describe, expect, it } from "vitest";
import { RtpSender, type RtpSenderDeps } from "../../src/discord/rtp-sender.ts";
import { hasKnownShape, librarySink, type RtpSession, rtpSessionOf } from "../../src/discord/rtp-session.ts";
import { SILENCE_FRAME } from "../../src/player/pacer/frame-sink.ts";
import type { VoiceLink } from "../../src/player/voice-link.ts";
import type { HeardPacket } from "../sandbox/discord/recording.ts";
import { openRtp, type VoiceMode } from "../sandbox/discord/rtp.ts";
import { ArrivingSong } from "../player/pacer/set-up.ts";
import { packets, VoiceLab } from "./voice-lab.ts";

const never = new AbortController().signal;
const GCM = "aead_aes256_gcm_rtpsize";

/** Packets whose number or time does not follow from the one before. */
function breaks(sent: readonly HeardPacket[]): readonly HeardPacket[] {
  return sent.filter((packet, index) => {
    const before = sent[index - 1];
    if (!before) return false;
    const isNext = packet.sequence === (before.sequence + 1) % 2 ** 16;
    return !isNext || packet.timestamp !== (before.timestamp + 960) % 2 ** 32;
  });
}

const texts = (sent: readonly HeardPacket[]): string[] => sent.map(({ opus }) => opus.toString());

/** Somebody listens in the Lounge. */
async function attended(options: Parameters<typeof VoiceLab.open>[1]): Promise<VoiceLab> {
  const lab = await VoiceLab.open(undefined, options);
  lab.guild.addPerson({ name: "Ann" }).joinVoice("Lounge");
  return lab;
}

const join = async (lab: VoiceLab): Promise<VoiceLink> => await lab.voice().join(lab.lounge, never);

async function heard(lab: VoiceLab, count: number): Promise<void> {
  await lab.discord.until(() => lab.guild.heard.sounding.length >= count, { what: `${count} packets` });
}

async function quiet(lab: VoiceLab): Promise<void> {
  await lab.discord.until(() => !lab.guild.heard.speaking, { what: "the end of speech" });
}

const atOnce: RtpSenderDeps["outbox"] = { add: (udp, packet) => udp.send(packet) };

const senderIn = (session: () => RtpSession): RtpSender =>
  new RtpSender({ session, outbox: atOnce, setSpeaking: () => undefined, hasListeners: () => true });

describe.each([
  ["plain", { voiceModes: [GCM] }],
  ["plain with XChaCha20", { voiceModes: ["aead_xchacha20_poly1305_rtpsize"] }],
  ["encrypted from end to end", { dave: true }],
] as const)("a call that is %s", (_name, options) => {
  it("hears one timeline over a change of songs, a seek, a pause, an underrun and a resumed connection", async () => {
    await using lab = await attended(options);
    const link = await join(lab);
    expect(await link.play(new ArrivingSong("a", 10), never)).toMatchObject({ status: "finished" });
    const song = new ArrivingSong("c", 10, false);
    const playing = link.play(new ArrivingSong("b", 500), never);
    await heard(lab, 15);
    link.replace(song);
    await quiet(lab);
    song.arrive(500);
    const { length } = lab.guild.heard.sounding;
    await heard(lab, length + 5);
    link.pause();
    await quiet(lab);
    link.resume();
    await heard(lab, length + 10);
    lab.discord.voice.server.disconnect(lab.guild, 4015);
    await lab.discord.until(() => lab.discord.voice.server.counts.resumed === 1, { what: "a resume" });
    await heard(lab, lab.guild.heard.sounding.length + 10);
    link.leave();
    expect(await playing).toMatchObject({ status: "lost" });
    const { sounding, lost } = lab.guild.heard;
    expect(breaks(lab.guild.heard.packets)).toEqual([]);
    expect(lost).toBe(0);
    const all = texts(sounding);
    const [a, b, c] = ["a", "b", "c"].map((name) => all.filter((text) => text.startsWith(name)));
    expect(all).toEqual([a!, b!, c!].flatMap((part) => part.map((text, index) => text[0]! + index)));
    expect(lab.guild.heard.packets.slice(0, 12).some(({ isSilence }) => isSilence)).toBe(false);
    expect(lab.discord.unheardFrames(lab.guild.channel("Lounge"))).toBe(0);
    expect(lab.discord.violations).toEqual([]);
  });

  it("goes on where it was in a new session, with numbers of its own", async () => {
    await using lab = await attended(options);
    const link = await join(lab);
    void link.play(new ArrivingSong("a", 1_000), never);
    await heard(lab, 10);
    lab.discord.voice.server.disconnect(lab.guild, 4006);
    await lab.discord.until(() => lab.discord.voice.server.counts.identified === 2, { what: "a session" });
    const ssrc = lab.guild.heard.packets.at(-1)?.ssrc;
    await lab.discord.until(() => lab.guild.heard.packets.at(-1)?.ssrc !== ssrc, { what: "its packets" });
    await heard(lab, lab.guild.heard.sounding.length + 10);
    link.leave();
    const { packets: all, sounding } = lab.guild.heard;
    const later = all.filter((packet) => packet.ssrc !== ssrc);
    expect(breaks(later)).toEqual([]);
    // Those on their way when the old session ended are lost; none after that.
    const before = Number(
      texts(sounding.filter((packet) => packet.ssrc === ssrc))
        .at(-1)
        ?.slice(1),
    );
    const first = Number(texts(later)[0]?.slice(1));
    expect(first).toBeGreaterThan(before);
    expect(texts(later)).toEqual(later.map((_packet, index) => `a${first + index}`));
    expect(lab.discord.unheardFrames(lab.guild.channel("Lounge"))).toBe(0);
  });
});

describe("an encrypted call with nobody else in it", () => {
  it("gets no plain frame; who joins hears the song from where it is then", async () => {
    await using lab = await VoiceLab.open(undefined, { dave: true });
    const link = await join(lab);
    void link.play(new ArrivingSong("a", 1_000), never);
    await lab.discord.until(() => link.positionMs >= 200, { what: "the song passes" });
    expect(lab.guild.heard.packets).toEqual([]);
    lab.guild.addPerson({ name: "Ann" }).joinVoice("Lounge");
    await lab.discord.until(() => lab.guild.heard.sounding.length > 10, { what: "sound" });
    link.leave();
    const first = Number(texts(lab.guild.heard.sounding)[0]?.slice(1));
    expect(first).toBeGreaterThanOrEqual(10);
    expect(texts(lab.guild.heard.sounding).slice(0, 5)).toEqual(
      [0, 1, 2, 3, 4].map((index) => `a${first + index}`),
    );
    expect(lab.discord.unheardFrames(lab.guild.channel("Lounge"))).toBe(0);
  });
});

describe("the library's session", () => {
  it("has the shape we send in, and is not taken for one when it has another", async () => {
    await using lab = await attended({ dave: true });
    const link = await join(lab);
    const connection = getVoiceConnection(lab.guild.id)!;
    const session = rtpSessionOf(connection)!;
    expect(hasKnownShape(session)).toBe(true);
    expect(session.dave?.session).toMatchObject({
      ready: expect.any(Boolean),
      encryptOpus: expect.any(Function),
    });
    for (const name of ["nonce", "secretKey", "speaking", "sequence"])
      expect(hasKnownShape({ ...session, connectionData: { ...session.connectionData, [name]: null } })).toBe(
        false,
      );
    for (const name of ["send", "socket", "remote"]) {
      const { socket, remote } = session.udp;
      const udp = { send: () => undefined, socket, remote, [name]: undefined } as RtpSession["udp"];
      expect(hasKnownShape({ ...session, udp })).toBe(false);
    }
    expect(hasKnownShape({})).toBe(false);
    link.leave();
    expect(rtpSessionOf(connection)).toBeUndefined();
  });

  it("is sent in by the library itself when we cannot", async () => {
    await using lab = await attended({ voiceModes: [GCM] });
    const link = await join(lab);
    const sink = librarySink(getVoiceConnection(lab.guild.id)!);
    expect(sink.send(Buffer.from([0xfc, 1, 2]))).toBe(true);
    await heard(lab, 1);
    sink.rest();
    await quiet(lab);
    // The numbers are shared with it.
    await link.play(packets(3), never);
    await heard(lab, 4);
    link.leave();
    expect(breaks(lab.guild.heard.packets)).toEqual([]);
    expect(sink.send(Buffer.from([0xfc, 1, 2]))).toBe(false);
  });
});

describe("the numbers of a session", () => {
  const key = Buffer.alloc(32, 7);

  function session(counters: { sequence: number; timestamp: number; nonce: number }): {
    readonly sent: Buffer[];
    readonly session: RtpSession;
  } {
    const sent: Buffer[] = [];
    const data = { ...counters, ssrc: 9, encryptionMode: GCM, secretKey: key, speaking: true };
    const send = (packet: Buffer): void => void sent.push(Buffer.from(packet));
    const udp = { send, remote: { ip: "127.0.0.1", port: 9 } } as RtpSession["udp"];
    return { sent, session: { connectionData: data, udp } };
  }

  it("begin from 0 again after the last one", () => {
    const { sent, session: made } = session({ sequence: 0xffff, timestamp: 2 ** 32 - 960, nonce: 41 });
    const sender = senderIn(() => made);
    for (const text of ["one", "two"]) expect(sender.send(Buffer.from(text))).toBe(true);
    const opened = sent.map((packet) => openRtp(packet, GCM satisfies VoiceMode, key));
    expect(opened).toMatchObject([
      { ssrc: 9, sequence: 0xffff, timestamp: 2 ** 32 - 960, opus: Buffer.from("one") },
      { ssrc: 9, sequence: 0, timestamp: 0, opus: Buffer.from("two") },
    ]);
    expect(sent.map((packet) => packet.readUInt32BE(packet.length - 4))).toEqual([42, 43]);
  });

  it("never bring a nonce twice with one key", () => {
    const { sent, session: made } = session({ sequence: 0, timestamp: 0, nonce: 2 ** 32 - 2 });
    let current = made;
    const sender = senderIn(() => current);
    expect(sender.send(Buffer.from("last"))).toBe(true);
    expect(() => sender.send(Buffer.from("more"))).toThrow(expect.objectContaining({ code: "VOICE_LOST" }));
    expect(sent).toHaveLength(1);
    const secretKey = Buffer.alloc(32, 8);
    current = { ...made, connectionData: { ...made.connectionData, nonce: 0, secretKey } };
    expect(sender.send(Buffer.from("with another key"))).toBe(true);
    expect(openRtp(sent[1]!, GCM, secretKey).opus.toString()).toBe("with another key");
  });

  it("are kept for frames larger than a network's usual packet", () => {
    const { sent, session: made } = session({ sequence: 1, timestamp: 2, nonce: 3 });
    const frame = Buffer.alloc(4_000, 5);
    senderIn(() => made).send(frame);
    expect(openRtp(sent[0]!, GCM, key).opus).toEqual(frame);
  });

  it("are not spent on a call that does not let us in; after a while we say so", () => {
    const { sent, session: plain } = session({ sequence: 1, timestamp: 2, nonce: 3 });
    const locked = {
      ...plain,
      dave: { protocolVersion: 1, session: { ready: false, encryptOpus: (f: Buffer) => f } },
    };
    const sender = senderIn(() => locked);
    for (let tries = 0; tries < 500; tries += 1) expect(sender.send(Buffer.from("song"))).toBe(false);
    expect(() => sender.send(Buffer.from("song"))).toThrow(
      expect.objectContaining({ code: "VOICE_ENCRYPTION" }),
    );
    expect(sent).toEqual([]);
    expect(sender.send(SILENCE_FRAME)).toBe(true);
  });
});
