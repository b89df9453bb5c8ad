/** Messages as Discord hands them over, and whether the bot answers. */
import type { Message } from "discord.js";
import type { Command } from "../../src/command/define.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { onMessage } from "../../src/discord/prefix.ts";
import type { SurfaceDeps } from "../../src/discord/surfaces.ts";
import { en } from "../../src/texts/en/index.ts";

export const ME = "42";

/** Whether the bot answered a direct message, or another one with what is changed of it. */
export async function answered(
  commands: readonly Pick<Command, "name">[],
  change: object,
  shutdown = new AbortController().signal,
): Promise<boolean> {
  const answers: unknown[] = [];
  const services = { prefix: "?", languages: { textsFor: () => en } };
  const deps = { commands, services, shutdown, log: silentLogger };
  const message = {
    author: { bot: false },
    webhookId: null,
    system: false,
    content: "?help",
    inGuild: () => false,
    reply: async (payload: unknown) => answers.push(payload),
    ...change,
  };
  await onMessage(deps as unknown as SurfaceDeps, message as unknown as Message, ME);
  return answers.length > 0;
}

/** Who writes messages and is no person. */
export const NO_PEOPLE = {
  "a bot": { author: { bot: true } },
  "a webhook": { webhookId: "7" },
  "Discord itself": { system: true },
} as const;
