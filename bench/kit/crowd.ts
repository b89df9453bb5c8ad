/** One bot in many guilds, on a local Discord that only counts what it sends: for what sending costs. */
import { setTimeout as delay } from "node:timers/promises";
import { type LocalDiscord, startLocalDiscord } from "../../test/sandbox/discord/local-discord.ts";
import type { Room } from "../bots/protocol.ts";
import { closing } from "./closing.ts";
import type { Contender } from "./contenders.ts";
import { type Cost, PeerBot } from "./peer-bot.ts";

/** A shard takes 120 messages a minute; a join is one. */
const GUILDS_PER_SHARD = 100;
const JOIN_WITHIN_MS = 30_000;
/** Hundreds of guilds do not begin their songs in the same instant, nor read the next part of them in the same instant. */
const GUILDS_AT_ONCE = 25;
const BETWEEN_MS = 100;

export interface CrowdPlan {
  readonly contender: Contender;
  readonly guilds: number;
  /** End-to-end encryption. */
  readonly dave: boolean;
}

/** Runs until `close`. */
export class Crowd {
  readonly plan: CrowdPlan;
  readonly #discord: LocalDiscord;
  readonly #bot: PeerBot;
  readonly #rooms: readonly Room[];
  readonly close = closing(async () => {
    await this.#bot.stop();
    await this.#discord.close();
  });

  private constructor(plan: CrowdPlan, discord: LocalDiscord, bot: PeerBot) {
    this.plan = plan;
    this.#discord = discord;
    this.#bot = bot;
    this.#rooms = discord.guilds.map((guild) => ({
      guildId: guild.id,
      channelId: guild.channel("Lounge").id,
    }));
  }

  static async gather(plan: CrowdPlan): Promise<Crowd> {
    const shards = Math.ceil(plan.guilds / GUILDS_PER_SHARD);
    const discord = await startLocalDiscord({ dave: plan.dave, hearsVoice: false, shards });
    for (let index = 0; index < plan.guilds; index++) {
      const guild = discord.addGuild({ name: `Guild ${index + 1}` });
      guild.addPerson({ name: "Ann" }).joinVoice("Lounge");
    }
    // For who sends without a connection.
    const told = { VOICE_PORT: String(discord.voice.server.udp.port), DAVE: plan.dave ? "1" : "" };
    return new Crowd(plan, discord, await PeerBot.start(plan.contender, discord, told));
  }

  /** Plays in the rooms from one number to before another, joining if need be, and waits until all of them sound. */
  async play(source: string, from = 0, to = this.#rooms.length): Promise<void> {
    for (let next = from; next < to; next += GUILDS_AT_ONCE) {
      const rooms = this.#rooms.slice(next, Math.min(to, next + GUILDS_AT_ONCE));
      await this.#bot.ask({ what: "play", rooms, source });
      await delay(BETWEEN_MS);
    }
    const endMs = performance.now() + JOIN_WITHIN_MS;
    for (let before = this.#arrived; performance.now() < endMs; before = this.#arrived) {
      await delay(500);
      // Nearly all that all rooms send in half a second.
      if (this.#arrived - before > to * 25 * 0.97 - 1) return;
    }
  }

  /** What playing for so long costs, and how many of the packets arrived. */
  async cost(forMs: number): Promise<Cost & { readonly received: number }> {
    const before = this.#arrived;
    const cost = await this.#bot.cost(forMs);
    return { ...cost, received: this.#arrived - before };
  }

  /** Packets so far, also of who has no connection. */
  get #arrived(): number {
    const { received, rejected } = this.#discord.voice.server.udp;
    return received + rejected;
  }

  async stop(): Promise<void> {
    await this.#bot.ask({ what: "stop", rooms: this.#rooms });
    await delay(500);
  }
}
