import type { CommandContext } from "./context.ts";
import { requireRight } from "./rights.ts";

/** Options that have a command of their own, besides the one for all options. */
type Switch = "autoplay" | "sponsorBlock";

/**
 * Turns an option of the guild on or off, where something was chosen, and says how it is.
 * @throws {AppError} `NOT_ALLOWED`
 */
export async function switchOption(
  context: CommandContext,
  name: Switch,
  chosen: "on" | "off" | undefined,
  say: { readonly on: string; readonly off: string },
): Promise<void> {
  const { guildId, services, session, reply } = context;
  if (chosen !== undefined) {
    requireRight(context, "options.dj");
    await services.options.set(guildId, name, chosen);
    session.onOptions();
  }
  const isOn = services.options.of(guildId)[name];
  await reply({ tone: chosen === undefined ? "info" : "done", lines: [isOn ? say.on : say.off] });
}
