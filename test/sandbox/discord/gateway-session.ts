// One bot session on the gateway: survives its socket, so that a bot can resume and get what it missed.
import { GatewayOpcodes } from "discord-api-types/v10";
import type { WebSocket } from "ws";
import type { GatewayEvent } from "./world.ts";

/** What a bot said about itself in IDENTIFY. */
export interface SessionFacts {
  readonly id: string;
  readonly intents: number;
  /** Number of this shard, and of all. */
  readonly shard: readonly [number, number];
}

interface Dispatch {
  readonly op: GatewayOpcodes.Dispatch;
  readonly s: number;
  readonly t: string;
  readonly d: object;
}

/** Numbers and keeps every dispatch. */
export class GatewaySession {
  readonly facts: SessionFacts;
  readonly #log: Dispatch[] = [];
  socket: WebSocket | undefined;
  /** READY and the first guilds were sent. */
  isReady = false;

  constructor(facts: SessionFacts) {
    this.facts = facts;
  }

  /** Is this session meant by that news? */
  wants({ guildId, intents }: GatewayEvent): boolean {
    const [number, count] = this.facts.shard;
    const responsible = guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
    return responsible === number && (intents === 0 || (intents & this.facts.intents) !== 0);
  }

  dispatch({ type, data }: Pick<GatewayEvent, "type" | "data">): void {
    const d = typeof data === "function" ? (data as (intents: number) => object)(this.facts.intents) : data;
    const dispatch: Dispatch = { op: GatewayOpcodes.Dispatch, s: this.#log.length + 1, t: type, d };
    this.#log.push(dispatch);
    this.#send(dispatch);
  }

  /** Sends what came after `seq` again. Returns false for a number that was never given out. */
  replay(seq: number): boolean {
    if (seq > this.#log.length) return false;
    for (const missed of this.#log.slice(seq)) this.#send(missed);
    return true;
  }

  #send(payload: object): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(payload));
  }
}
