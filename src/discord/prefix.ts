import type { Message } from "discord.js";
import { splitLine } from "../command/args.ts";
import { type Command, variantOf } from "../command/define.ts";
import { dispatch } from "../command/dispatch.ts";
import { errorPanel, type MessageHandle, type Panel } from "../command/panel.ts";
import { AppError } from "../core/errors.ts";
import { errorText } from "../texts/texts.ts";
import { renderPanel } from "./render.ts";
import { contextOf, findCommand, type SurfaceDeps } from "./surfaces.ts";

/** Commands typed as messages: `?play …`, or `@Encore play …`, which needs no intent. */
export async function onMessage(deps: SurfaceDeps, message: Message, myId: string): Promise<void> {
  // Bots and webhooks are not even told why: two bots answering each other never stop.
  if (message.author.bot || message.webhookId !== null || message.system) return;
  if (deps.shutdown.aborted) return;
  const line = commandLine(message.content, deps.services.prefix, myId);
  if (!line) return;
  const found = findCommand(deps.commands, line.name);
  if (!found) return;
  if (!message.inGuild()) {
    const texts = deps.services.languages.textsFor(null);
    await answer(message, errorPanel(errorText(new AppError("NOT_IN_GUILD"), texts)));
    return;
  }
  let sent: MessageHandle | undefined;
  const reply = async (panel: Panel): Promise<MessageHandle> => {
    if (sent) await sent.edit(panel);
    sent ??= await answer(message, panel);
    return sent;
  };
  const origin = {
    surface: "prefix" as const,
    user: message.author,
    permissions: message.member?.permissions,
    guild: message.guild,
    textChannelId: message.channelId,
    locale: undefined,
    isForAll: true,
  };
  const context = contextOf(deps, origin, {
    reply,
    update: async (panel) => {
      await reply(panel);
    },
    openForm: () => Promise.reject(new AppError("INTERNAL", { detail: "a message cannot open a form" })),
  });
  const { command, rest } = chooseSubcommand(found, line.rest);
  await dispatch(deps, command, splitLine(command.args, rest), context);
}

/** The subcommand whose word comes first; without one it is the command itself. */
function chooseSubcommand(
  command: Command,
  line: string,
): { readonly command: Command; readonly rest: string } {
  const [, firstWord = "", rest = ""] = /^\s*(\S+)\s*([\s\S]*)$/u.exec(line) ?? [];
  const chosen = variantOf(command, firstWord.toLowerCase());
  return chosen ? { command: chosen, rest } : { command, rest: line };
}

/** Name and rest of a line that is meant for the bot. */
export function commandLine(
  content: string,
  prefix: string | undefined,
  myId: string,
): { readonly name: string; readonly rest: string } | undefined {
  const starts = [`<@${myId}>`, `<@!${myId}>`, ...(prefix === undefined ? [] : [prefix])];
  const start = starts.find((text) => content.startsWith(text));
  if (start === undefined) return undefined;
  const [, name, rest] = /^\s*(\S+)\s*([\s\S]*)$/u.exec(content.slice(start.length)) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), rest: rest ?? "" };
}

async function answer(message: Message, panel: Panel): Promise<MessageHandle> {
  const sent = await message.reply({ ...renderPanel(panel), failIfNotExists: false });
  return {
    edit: async (next) => {
      await sent.edit(renderPanel(next));
    },
  };
}
