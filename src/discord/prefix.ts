import type { Message } from "discord.js";
import type { Args, RawValues } from "../command/args.ts";
import { type Command, variantOf } from "../command/define.ts";
import { dispatch } from "../command/dispatch.ts";
import { errorPanel, type MessageHandle, type Panel } from "../command/panel.ts";
import { splitLine, withIds } from "../command/split-line.ts";
import { AppError } from "../core/errors.ts";
import { errorText } from "../texts/texts.ts";
import { attachedFiles, findThing } from "./guild-things.ts";
import { handleOf, sendDirect } from "./message-handle.ts";
import { textRefusal } from "./permissions.ts";
import { renderPanel } from "./render.ts";
import { isRequest, requestLine, tidyUp } from "./request-channel.ts";
import { contextOf, findCommand, prefixOf, type SurfaceDeps } from "./surfaces.ts";

/** What was typed: the name of a command, and what comes after it. */
interface TypedLine {
  readonly name: string;
  readonly rest: string;
}

/** Commands typed as messages: `?play …`, or `@Encore play …`, which needs no intent; and songs in request channels. */
export async function onMessage(deps: SurfaceDeps, message: Message, myId: string): Promise<void> {
  if (!isFromPerson(message) || deps.shutdown.aborted) return;
  const { services } = deps;
  const prefix = message.inGuild() ? prefixOf(services, message.guildId) : services.prefix;
  const typed = commandLine(message.content, prefix, myId);
  const wish = isRequest(services, message) ? requestLine(message) : undefined;
  const meant = meantBy(deps.commands, typed, wish);
  if (!meant) return;
  if (message.inGuild()) await onCommand(deps, message, meant);
  else {
    const texts = services.languages.textsFor(null);
    await answer(message, errorPanel(errorText(new AppError("NOT_IN_GUILD"), texts)));
  }
}

/** The command of the first line that names one: where all that people write is a song, so is what only looks like a command. */
export function meantBy(
  commands: readonly Command[],
  ...lines: readonly (TypedLine | undefined)[]
): { readonly found: Command; readonly rest: string } | undefined {
  for (const line of lines) {
    const found = line && findCommand(commands, line.name);
    if (found) return { found, rest: line.rest };
  }
  return undefined;
}

async function onCommand(
  deps: SurfaceDeps,
  message: Message<true>,
  { found, rest: line }: { readonly found: Command; readonly rest: string },
): Promise<void> {
  if (textRefusal(message.channel, ["replies"])) return await whisperWhy(deps, message);
  let sent: MessageHandle | undefined;
  const reply = async (panel: Panel): Promise<MessageHandle> => {
    if (sent) await sent.edit(panel);
    sent ??= await answer(message, panel);
    return sent;
  };
  const origin = {
    surface: "prefix" as const,
    user: message.author,
    member: { permissions: message.member?.permissions, roleIds: message.member?.roles.cache.keys() },
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
  const { command, rest } = chooseSubcommand(found, line);
  await dispatch(deps, command, valuesOf(command.args, rest, message), context);
  if (isRequest(deps.services, message)) await tidyUp(message, sent, deps.log);
}

/** Where the bot cannot answer, it does not listen either, and says so to whom it concerns. */
async function whisperWhy({ hints, services }: SurfaceDeps, message: Message<true>): Promise<void> {
  const why = hints.take(message.channel, message.author.id, ["replies"]);
  const texts = services.languages.textsFor(message.guildId);
  if (why) await sendDirect(message.author, errorPanel(errorText(why, texts)));
}

/** Bots and webhooks are not even told why: two bots answering each other never stop. */
function isFromPerson({ author, webhookId, system }: Message): boolean {
  return !author.bot && webhookId === null && !system;
}

function valuesOf(args: Args, line: string, message: Message<true>): RawValues {
  const raw = splitLine(args, line, attachedFiles(message));
  return withIds(args, raw, (kind, name) => findThing(message.guild, kind, name));
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
): TypedLine | undefined {
  const starts = [`<@${myId}>`, `<@!${myId}>`, ...(prefix === undefined ? [] : [prefix])];
  const start = starts.find((text) => content.startsWith(text));
  if (start === undefined) return undefined;
  const [, name, rest] = /^\s*(\S+)\s*([\s\S]*)$/u.exec(content.slice(start.length)) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), rest: rest ?? "" };
}

async function answer(message: Message, panel: Panel): Promise<MessageHandle> {
  return handleOf(await message.reply({ ...renderPanel(panel), failIfNotExists: false }));
}
