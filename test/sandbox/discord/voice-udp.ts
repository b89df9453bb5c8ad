// The UDP side of the voice server: address discovery and encrypted RTP.
import { createSocket } from "node:dgram";
import type { RemoteInfo, Socket } from "node:dgram";
import type { Dave } from "./dave.ts";
import { openRtp, ssrcOf } from "./rtp.ts";
import type { VoiceSession } from "./voice-session.ts";
import type { World } from "./world.ts";

const DISCOVERY_BYTES = 74;
const DISCOVERY_REQUEST = 1;
const DISCOVERY_RESPONSE = 2;
const KEEP_ALIVE_BYTES = 8;

export interface VoiceUdpDeps {
  readonly world: World;
  readonly dave: Dave | undefined;
  readonly hearsVoice: boolean;
  readonly sessionOf: (ssrc: number) => VoiceSession | undefined;
}

/** One socket for all voice sessions; they are told apart by their SSRC. */
export class VoiceUdp {
  readonly #deps: VoiceUdpDeps;
  /** On a busy machine packets of many guilds wait here; the system's usual room is less than a tenth of a second. */
  readonly #socket: Socket = createSocket({ type: "udp4", recvBufferSize: 4 * 1024 * 1024 });
  #closed: Promise<void> | undefined;
  /** How many of the next discovery packets get no answer. */
  discoveriesToDrop = 0;
  /** Packets that came from a session. */
  received = 0;
  /** Packets that could not be decrypted or belong to no session. */
  rejected = 0;

  constructor(deps: VoiceUdpDeps) {
    this.#deps = deps;
    this.#socket.on("message", (packet, from) => this.#receive(packet, from));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.bind(0, "127.0.0.1", resolve));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** From then on whoever sends to it is refused. */
  async close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => this.#socket.close(resolve));
    await this.#closed;
  }

  #receive(packet: Buffer, from: RemoteInfo): void {
    if (packet.length === KEEP_ALIVE_BYTES) return;
    if (packet.length === DISCOVERY_BYTES && packet.readUInt16BE(0) === DISCOVERY_REQUEST)
      return this.#discover(packet, from);
    const ssrc = ssrcOf(packet);
    const session = ssrc === undefined ? undefined : this.#deps.sessionOf(ssrc);
    if (!session?.mode) {
      this.rejected += 1;
      return;
    }
    this.received += 1;
    if (this.#deps.hearsVoice) this.#hear(packet, session);
  }

  /** Answers with the sender's own address: 74 bytes of type, length, SSRC, address and port. */
  #discover(packet: Buffer, from: RemoteInfo): void {
    if (this.discoveriesToDrop > 0) {
      this.discoveriesToDrop -= 1;
      return;
    }
    const session = this.#deps.sessionOf(packet.readUInt32BE(4));
    if (!session) return;
    session.peer = from;
    const answer = Buffer.alloc(DISCOVERY_BYTES);
    packet.copy(answer, 0, 0, 8);
    answer.writeUInt16BE(DISCOVERY_RESPONSE, 0);
    answer.write(from.address, 8, "ascii");
    answer.writeUInt16BE(from.port, DISCOVERY_BYTES - 2);
    this.#socket.send(answer, from.port, from.address);
  }

  #hear(packet: Buffer, session: VoiceSession): void {
    const { world, dave } = this.#deps;
    const { guild, channel, key, userId } = session.facts;
    try {
      const rtp = openRtp(packet, session.mode!, key);
      if (!guild.isBotHeardIn(channel)) return; // Discord drops it without a word
      const opus = dave ? dave.call(channel.id).hear(rtp.opus, userId) : rtp.opus;
      if (!opus) return;
      const heard = { ...rtp, opus, arrivedAtMs: world.clock.monotonicMs() };
      guild.heard.add(heard);
      channel.recording.add(heard);
    } catch (error) {
      this.rejected += 1;
      world.violations.push({
        method: "UDP",
        route: "rtp",
        problem: `packet cannot be decrypted: ${String(error)}`,
      });
    }
  }
}
