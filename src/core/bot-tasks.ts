import type { Phrase } from "./sentence.ts";

/** What the bot does in channels. `status`: the line under a voice channel's name. `requests`: clearing wishes away. */
export type BotTask = "play" | "status" | "messages" | "replies" | "pictures" | "requests";

/** A task that the bot cannot do in a channel for want of these permissions. */
export interface Lack {
  readonly channelId: string;
  readonly task: BotTask;
  readonly missing: readonly Phrase[];
}

/** Which tasks the bot has in which channel. */
export type Tasks = ReadonlyMap<string, readonly BotTask[]>;
