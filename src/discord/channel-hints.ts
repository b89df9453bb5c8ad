import type { GuildBasedChannel } from "discord.js";
import type { BotTask } from "../core/bot-tasks.ts";
import type { Clock } from "../core/clock.ts";
import type { AppError } from "../core/errors.ts";
import { textRefusal } from "./permissions.ts";

/** A person is told the same about a channel once in that time. */
const AGAIN_AFTER_MS = 60 * 60 * 1000;
/** More channels and people than that are not remembered. */
const MOST = 1_000;

/** Remembers whom it was told that the bot may not write in a channel. */
export class ChannelHints {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #toldAtMs = new Map<string, number>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** What is to be told now, if anything. */
  take(channel: GuildBasedChannel, personId: string, tasks: readonly BotTask[] = []): AppError | undefined {
    const refusal = textRefusal(channel, tasks);
    return refusal && this.#isDue(`${channel.id}/${personId}`) ? refusal : undefined;
  }

  #isDue(about: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const told = this.#toldAtMs.get(about);
    if (told !== undefined && nowMs - told < AGAIN_AFTER_MS) return false;
    if (this.#toldAtMs.size >= MOST) this.#toldAtMs.clear();
    this.#toldAtMs.set(about, nowMs);
    return true;
  }
}
