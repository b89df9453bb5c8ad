/**
 * What Node and the system cost by themselves: one loop that every 20 ms encrypts a packet for each guild, as it has to
 * be done, and sends it to the voice server. No connection to Discord, no file, no timetable; nobody plays for less.
 */
import { type CipherKey, createCipheriv, createSecretKey, randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { DAVESession, type ProposalsOperationType } from "@snazzah/davey";
import { openOpusFile } from "../../../src/audio/opus-file.ts";
import { DaveSender } from "../../../test/sandbox/discord/dave-sender.ts";
import type { CreateEngine, Engine } from "../engine.ts";
import type { Room } from "../protocol.ts";

const { VOICE_PORT = "", DAVE = "" } = process.env;
const FRAME_MS = 20;
/** Of the song, over and over: enough of them to be as long as the song's are on average. */
const FRAMES = 500;
const HEADER_BYTES = 12;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const COUNTER_BYTES = 4;
/** RTP version 2, Opus. */
const HEADER_START = Buffer.from([0x80, 0x78]);
const never = new AbortController().signal;

/** What is made once for each guild. */
interface Guild {
  readonly socket: Socket;
  readonly key: CipherKey;
  readonly nonce: Buffer;
  readonly header: Buffer;
  readonly packet: Buffer;
  readonly call: DAVESession | undefined;
}

class NodeAlone implements Engine {
  readonly #guilds = new Map<string, Guild>();
  #frames: readonly Buffer[] = [];
  #sent = 0;
  #dueMs = 0;

  async play({ guildId }: Room, source: string): Promise<void> {
    if (this.#frames.length === 0) this.#frames = await framesOf(source);
    this.#guilds.set(guildId, await furnish(guildId));
    if (this.#dueMs > 0) return;
    this.#dueMs = performance.now();
    this.#turn();
  }

  async stop(): Promise<void> {
    for (const { socket } of this.#guilds.values()) socket.close();
    this.#guilds.clear();
  }

  async leave(): Promise<void> {
    await this.stop();
  }

  async queue(): Promise<void> {
    throw new Error("There are no songs here.");
  }

  #turn(): void {
    const frame = this.#frames[this.#sent % this.#frames.length]!;
    this.#sent += 1;
    for (const guild of this.#guilds.values()) send(guild, frame, this.#sent);
    this.#dueMs += FRAME_MS;
    setTimeout(() => this.#turn(), Math.max(0, this.#dueMs - performance.now()));
  }
}

function send({ socket, key, nonce, header, packet, call }: Guild, frame: Buffer, count: number): void {
  const payload = call ? call.encryptOpus(frame) : frame;
  const sealedBytes = HEADER_BYTES + payload.length + TAG_BYTES;
  header.writeUInt16BE(count % 2 ** 16, 2);
  nonce.writeUInt32BE(count, 0);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(header);
  header.copy(packet);
  cipher.update(payload).copy(packet, HEADER_BYTES);
  cipher.final();
  cipher.getAuthTag().copy(packet, HEADER_BYTES + payload.length);
  nonce.copy(packet, sealedBytes, 0, COUNTER_BYTES);
  socket.send(packet.subarray(0, sealedBytes + COUNTER_BYTES));
}

async function furnish(guildId: string): Promise<Guild> {
  const socket = createSocket("udp4");
  socket.connect(Number(VOICE_PORT), "127.0.0.1");
  await once(socket, "connect");
  const header = Buffer.alloc(HEADER_BYTES);
  HEADER_START.copy(header);
  return {
    socket,
    key: createSecretKey(randomBytes(32)),
    nonce: Buffer.alloc(NONCE_BYTES),
    header,
    packet: Buffer.alloc(1_500),
    call: DAVE ? callOf(guildId) : undefined,
  };
}

/** A call of two, as the others' bots are in. */
function callOf(channelId: string): DAVESession {
  const sender = new DaveSender();
  const [bot, ann] = [new DAVESession(1, "1", channelId), new DAVESession(1, "2", channelId)];
  for (const session of [bot, ann]) session.setExternalSender(sender.package);
  const proposal = sender.add({ channelId, epoch: 0n }, ann.getSerializedKeyPackage());
  const append = 0 as unknown as ProposalsOperationType.APPEND;
  const { commit } = bot.processProposals(append, proposal, ["1", "2"]);
  bot.processCommit(commit!);
  return bot;
}

async function framesOf(source: string): Promise<Buffer[]> {
  await using file = await open(source);
  const packets = await openOpusFile({ file }, { startMs: 0 }, never);
  const frames: Buffer[] = [];
  while (frames.length < FRAMES) {
    const frame = packets.next();
    if (frame === "end") break;
    if (frame === "later") await packets.ready(never);
    else frames.push(Buffer.from(frame));
  }
  await packets.close();
  return frames;
}

export const createEngine: CreateEngine = () => new NodeAlone();
