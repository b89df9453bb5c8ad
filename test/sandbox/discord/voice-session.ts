// One voice session of the bot: what it agreed with the voice server, and what it sent.
import type { RemoteInfo } from "node:dgram";
import { VoiceOpcodes } from "discord-api-types/voice/v8";
import type { WebSocket } from "ws";
import type { Channel } from "./channel.ts";
import type { Guild } from "./guild.ts";
import type { VoiceMode } from "./rtp.ts";

/** What was agreed before the socket opened. */
export interface VoiceSessionFacts {
  readonly guild: Guild;
  readonly channel: Channel;
  readonly userId: string;
  /** The gateway session's id. */
  readonly sessionId: string;
  readonly token: string;
  readonly ssrc: number;
  readonly key: Buffer;
}

/** Survives its socket, so that a client can resume. */
export class VoiceSession {
  readonly facts: VoiceSessionFacts;
  readonly #log: (string | Buffer)[] = [];
  socket: WebSocket | undefined;
  /** Where the client's UDP packets come from, once discovered. */
  peer: Pick<RemoteInfo, "address" | "port"> | undefined;
  mode: VoiceMode | undefined;

  constructor(facts: VoiceSessionFacts) {
    this.facts = facts;
  }

  get isConnected(): boolean {
    return this.socket?.readyState === 1;
  }

  /** Sends a message that is kept for a resume. */
  send(op: number, d: unknown): void {
    this.#keep(JSON.stringify({ op, d, seq: this.#log.length + 1 }));
  }

  /** Sends a binary message that is kept for a resume: number, opcode, content. */
  sendBinary(op: number, ...content: readonly Buffer[]): void {
    const header = Buffer.from([0, 0, op]);
    header.writeUInt16BE(this.#log.length + 1);
    this.#keep(Buffer.concat([header, ...content]));
  }

  /** Sends a message that is not numbered. */
  sendPlain(message: object): void {
    this.#write(JSON.stringify(message));
  }

  /** Sends what came after `seq` again, then RESUMED. */
  resume(seq: number): void {
    for (const missed of this.#log.slice(Math.max(0, seq))) this.#write(missed);
    this.sendPlain({ op: VoiceOpcodes.Resumed, d: null });
  }

  #keep(message: string | Buffer): void {
    this.#log.push(message);
    this.#write(message);
  }

  #write(message: string | Buffer): void {
    if (this.socket?.readyState === 1) this.socket.send(message);
  }
}
