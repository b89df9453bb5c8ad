// End-to-end encryption (DAVE): one call for each voice channel with somebody in it.
import { DaveCall } from "./dave-call.ts";
import { DaveSender } from "./dave-sender.ts";
import type { VoiceMove, World } from "./world.ts";

/** Keeps the calls in step with who is where. The bot's part in them begins when its key package comes. */
export class Dave {
  readonly #botId: string;
  readonly sender = new DaveSender();
  readonly #calls = new Map<string, DaveCall>();

  constructor(world: World) {
    this.#botId = world.bot.id;
  }

  /** The call of a channel; made on first use. */
  call(channelId: string): DaveCall {
    const call = this.#calls.get(channelId) ?? new DaveCall(channelId, this.sender);
    this.#calls.set(channelId, call);
    return call;
  }

  move({ userId, fromId, toId }: VoiceMove): void {
    if (fromId !== undefined) this.call(fromId).remove(userId);
    if (toId !== undefined && userId !== this.#botId) this.call(toId).addPerson(userId);
  }
}
