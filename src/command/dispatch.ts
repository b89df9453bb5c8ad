import { type AppError, toAppError, AppError as Failure } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { authorize } from "../policy/permission.ts";
import { decode, type RawValues } from "./args.ts";
import type { CommandContext } from "./context.ts";
import { type Command, type Press, usageOf } from "./define.ts";
import { errorPanel } from "./panel.ts";

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
    const prefix = context.surface === "prefix" ? (context.services.prefix ?? "/") : "/";
    await command.run(context, decode(command.args, raw, usageOf(command, prefix)));
  });
}

/** Runs what a button or a form of a command does, with the command's own rights. */
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

function check(command: Command, context: CommandContext): void {
  const refusal = authorize(context.actor, command.action, context.place);
  if (refusal) throw new Failure(refusal.code, refusal.context);
  for (const precondition of command.needs) {
    const failure = precondition(context);
    if (failure) throw failure;
  }
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
    await work();
    deps.log.info("command.run", { ...fields, outcome: "ok", ms: ms() });
  } catch (thrown) {
    const error = toAppError(thrown);
    const reference = error.severity === "user" ? undefined : deps.newReference();
    report(deps.log, error, { ...fields, outcome: error.code, ms: ms(), ...(reference && { reference }) });
    await context
      .reply(errorPanel(error.message, reference), { private: true })
      .catch((failure: unknown) => deps.log.warn("command.unanswered", { ...fields, error: failure }));
  }
}

/** `user` happens all day, `outside` is worth a look, `bug` is ours. */
function report(log: Logger, error: AppError, fields: Record<string, unknown>): void {
  if (error.severity === "user") log.info("command.run", { ...fields, ...error.context });
  else if (error.severity === "outside") log.warn("command.run", { ...fields, error });
  else log.error("command.run", { ...fields, error });
}
