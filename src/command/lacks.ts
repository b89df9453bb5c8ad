/** What the bot lacks to do its work in a channel. */
import type { BotTask, Lack, Tasks } from "../core/bot-tasks.ts";
import { fill } from "../core/sentence.ts";
import type { Texts } from "../texts/texts.ts";
import type { CommandContext } from "./context.ts";

const IN_VOICE: readonly BotTask[] = ["play", "status"];
const IN_TEXT: readonly BotTask[] = ["messages", "pictures"];

/** Where the bot has something to do for who asks: here, where its messages go, and in the voice channel. */
export function tasksAround({ textChannelId, voiceChannel, session, options }: CommandContext): Tasks {
  const { announceChannel, requestChannel } = options;
  const places: readonly [string | undefined, readonly BotTask[]][] = [
    [textChannelId, [...IN_TEXT, "replies"]],
    [announceChannel, IN_TEXT],
    [requestChannel, [...IN_TEXT, "requests"]],
    [(session.channel ?? voiceChannel)?.channelId, options.voiceStatus ? IN_VOICE : ["play"]],
  ];
  const tasks = new Map<string, readonly BotTask[]>();
  for (const [channelId, more] of places)
    if (channelId !== undefined)
      tasks.set(channelId, [...new Set([...(tasks.get(channelId) ?? []), ...more])]);
  return tasks;
}

/** One line that says what does not work, and what is missing. */
export function lackText({ channelId, task, missing }: Lack, texts: Texts): string {
  const names = fill("{missing}", { missing }, texts);
  return texts.permissions.lacks[task]({ channel: mention(channelId), names });
}

/** The channels, in one list. */
export function placesText(tasks: Tasks, texts: Texts): string {
  return fill("{channels}", { channels: [...tasks.keys()].map(mention) }, texts);
}

function mention(channelId: string): string {
  return `<#${channelId}>`;
}
