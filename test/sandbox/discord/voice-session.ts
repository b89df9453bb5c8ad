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

interface Numbered {
  readonly op: number;
  readonly d: unknown;
  readonly seq: number;
}

/** Survives its socket, so that a client can resume. */
export class VoiceSession {
  readonly facts: VoiceSessionFacts;
  readonly #log: Numbered[] = [];
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
    const message = { op, d, seq: this.#log.length + 1 };
    this.#log.push(message);
    this.sendPlain(message);
  }

  /** Sends a message that is not numbered. */
  sendPlain(message: object): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  /** Sends what came after `seq` again, then RESUMED. */
  resume(seq: number): void {
    for (const missed of this.#log.slice(Math.max(0, seq))) this.sendPlain(missed);
    this.sendPlain({ op: VoiceOpcodes.Resumed, d: null });
  }
}
