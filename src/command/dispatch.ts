import { type AppError, toAppError, AppError as Failure } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Effort } from "../policy/cooldown.ts";
import { authorize } from "../policy/permission.ts";
import { errorText } from "../texts/texts.ts";
import { decode } from "./arg-values.ts";
import type { RawValues } from "./args.ts";
import type { Actor, CommandContext, Place } from "./context.ts";
import { type Command, type GivenMessage, type MessageAction, type Press, usageIn } from "./define.ts";
import { errorPanel } from "./panel.ts";
import { inVoice } from "./preconditions.ts";
import { requireRight } from "./rights.ts";
import { collectSuggestions, type ListNames, type OwnSongs, type Suggestion } from "./suggestions.ts";

export interface DispatchDeps {
  readonly log: Logger;
  /** Short name under which a failure can be found in the log. */
  readonly newReference: () => string;
}

/** Runs a command: rights, preconditions, arguments, action. Every failure becomes one sentence; never rejects. */
export async function dispatch(
  deps: DispatchDeps,
  command: Command,
  raw: RawValues,
  context: CommandContext,
): Promise<void> {
  await guarded(deps, command, context, async () => {
    check(command, context);
    await command.run(context, decode(command.args, raw, usageIn(context, command)));
  });
}

/** Runs what a command does with a message, with the command's own rights. */
export async function dispatchOnMessage(
  deps: DispatchDeps,
  command: Command,
  { action, message }: { readonly action: MessageAction; readonly message: GivenMessage },
  context: CommandContext,
): Promise<void> {
  await guarded(deps, command, context, async () => {
    check(command, context);
    await action.run(context, message);
  });
}

/** Runs what a button, a select or a form of a command does, with the command's own rights. */
export async function dispatchPress(
  deps: DispatchDeps,
  command: Command,
  press: Press & { readonly name: string },
  context: CommandContext,
): Promise<void> {
  await guarded(deps, command, context, async () => {
    // The name comes from outside: only what the command itself declares counts.
    const { presses = {} } = command;
    const action = Object.hasOwn(presses, press.name) ? presses[press.name] : undefined;
    if (!action) throw new Failure("PLAN_EXPIRED");
    check(command, context);
    await action(context, press);
  });
}

/** Somebody in the middle of typing a value. */
export interface Typing {
  readonly actor: Actor;
  readonly place: Place;
  readonly own: OwnSongs;
  readonly listNames: ListNames;
  /** Name of the argument. */
  readonly arg: string;
  readonly typed: string;
}

/** What to offer to somebody who types; nothing when they may not run the command. Never rejects. */
export async function dispatchTyping(
  { log }: Pick<DispatchDeps, "log">,
  command: Command,
  { actor, place, own, listNames, arg: name, typed }: Typing,
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  const arg = Object.hasOwn(command.args, name) ? command.args[name] : undefined;
  if (arg?.kind !== "text" || !arg.suggest || authorize(actor, command.action, place)) return [];
  return await collectSuggestions(arg.suggest(own, typed, listNames), log, signal);
}

/** Counts something that has to be fetched. @throws {AppError} `TOO_FAST` */
export function countMiss(context: CommandContext): void {
  slowDown(context, "miss");
}

function check(command: Command, context: CommandContext): void {
  requireRight(context, command.action);
  for (const precondition of preconditionsOf(command, context.surface)) {
    const failure = precondition(context);
    if (failure) throw failure;
  }
}

/** Controls lie open in the channel: only who hears the music may press them. */
function preconditionsOf({ action, needs }: Command, surface: CommandContext["surface"]): Command["needs"] {
  const isControl = surface === "button" || surface === "form";
  return isControl && MUSIC.has(action) && !needs.includes(inVoice) ? [inVoice, ...needs] : needs;
}

const MUSIC: ReadonlySet<Command["action"]> = new Set(["play", "song.control", "queue.control"]);

function slowDown({ guildId, actor, services }: CommandContext, effort: Effort): void {
  const verdict = services.cooldowns.take(effort, { guildId, personId: actor.id });
  if (verdict.status === "free") return;
  const { waitMs, isToldAlready } = verdict;
  throw new Failure("TOO_FAST", { seconds: Math.ceil(waitMs / 1_000), isToldAlready });
}

async function guarded(
  deps: DispatchDeps,
  command: Command,
  context: CommandContext,
  work: () => Promise<void>,
): Promise<void> {
  const startedAtMs = context.services.clock.monotonicMs();
  const ms = (): number => Math.round(context.services.clock.monotonicMs() - startedAtMs);
  const fields = { command: command.name, surface: context.surface, guildId: context.guildId };
  try {
    slowDown(context, "command");
    await work();
    deps.log.info("command.run", { ...fields, outcome: "ok", ms: ms() });
  } catch (thrown) {
    const error = toAppError(thrown);
    const reference = error.severity === "user" ? undefined : deps.newReference();
    report(deps.log, error, { ...fields, outcome: error.code, ms: ms(), ...(reference && { reference }) });
    if (isSilenced(error, context)) return;
    await context
      .reply(errorPanel(errorText(error, context.privateTexts), reference), { private: true })
      .catch((failure: unknown) => deps.log.warn("command.unanswered", { ...fields, error: failure }));
  }
}

/** Whoever types too fast is told once; where the asker alone reads it, it does not matter. */
function isSilenced({ code, context }: AppError, { surface }: CommandContext): boolean {
  return code === "TOO_FAST" && context["isToldAlready"] === true && surface === "prefix";
}

/** `user` happens all day, `outside` is worth a look, `bug` is ours. */
function report(log: Logger, error: AppError, fields: Record<string, unknown>): void {
  if (error.severity === "user") log.info("command.run", { ...fields, ...error.context });
  else if (error.severity === "outside") log.warn("command.run", { ...fields, error });
  else log.error("command.run", { ...fields, error });
}
