// Application commands the bot registered, and how a person's options fit them.
import type { ApplicationCommandOptionType as OptionType } from "discord-api-types/v10";
import type { UploadedFile } from "./rest-body.ts";
import type { World } from "./world.ts";

/** One option of a command or subcommand, as registered. */
export interface CommandOption {
  readonly type: OptionType;
  readonly name: string;
  readonly required?: boolean;
  readonly autocomplete?: boolean;
  readonly options?: readonly CommandOption[];
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly channel_types?: readonly number[];
}

/** A registered command. `type` 1 = slash, 2 = on a user, 3 = on a message. */
export interface RegisteredCommand {
  readonly id: string;
  readonly version: string;
  readonly guildId: string | undefined;
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
  /** Decimal bits; `null` = everyone. */
  readonly default_member_permissions: string | null;
  /** The whole body as the bot sent it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** An ID for people, roles and channels. */
export type OptionValue = string | number | boolean | GivenFile;

/** A file that somebody picks for an option. */
export type GivenFile = Omit<UploadedFile, "field">;

/** All registered commands, global ones and those of guilds. */
export class CommandBook {
  readonly #world: World;
  readonly #commands = new Map<string, RegisteredCommand[]>();
  /** How often the bot overwrote a whole list. */
  bulkOverwrites = 0;

  constructor(world: World) {
    this.#world = world;
  }

  list(guildId?: string): readonly RegisteredCommand[] {
    return this.#commands.get(guildId ?? "") ?? [];
  }

  /** Puts these in place of all that were there; a command that keeps its name keeps its id. */
  overwrite(bodies: readonly Record<string, unknown>[], guildId?: string): readonly RegisteredCommand[] {
    this.bulkOverwrites += 1;
    const before = this.list(guildId);
    const commands = bodies.map((body) => this.#registered(body, guildId, before));
    this.#commands.set(guildId ?? "", commands);
    return commands;
  }

  /** Adds one or replaces the one of that name. */
  upsert(body: Record<string, unknown>, guildId?: string): RegisteredCommand {
    const before = this.list(guildId);
    const command = this.#registered(body, guildId, before);
    this.#commands.set(guildId ?? "", [...before.filter(({ id }) => id !== command.id), command]);
    return command;
  }

  /** Returns false when there is no such command. */
  remove(id: string, guildId?: string): boolean {
    const before = this.list(guildId);
    this.#commands.set(
      guildId ?? "",
      before.filter((command) => command.id !== id),
    );
    return before.length !== this.list(guildId).length;
  }

  /** What a person in this guild finds under that name. @throws {Error} when nothing is registered by that name */
  find(name: string, type: number, guildId: string): RegisteredCommand {
    const all = [...this.list(guildId), ...this.list()].filter((command) => command.type === type);
    const found = all.find((command) => command.name === name);
    if (!found)
      throw new Error(
        `No command "${name}" is registered; there are: ${all.map((c) => c.name).join(", ") || "none"}`,
      );
    return found;
  }

  #registered(
    body: Record<string, unknown>,
    guildId: string | undefined,
    before: readonly RegisteredCommand[],
  ): RegisteredCommand {
    const type = Number(body["type"] ?? 1);
    const name = String(body["name"]);
    return {
      id:
        before.find((command) => command.name === name && command.type === type)?.id ?? this.#world.ids.now(),
      version: this.#world.ids.now(),
      guildId,
      type,
      name,
      description: typeof body["description"] === "string" ? body["description"] : "",
      options: (body["options"] as CommandOption[] | undefined) ?? [],
      default_member_permissions: (body["default_member_permissions"] as string | undefined) ?? null,
      body,
    };
  }
}

/** A command as the API shows it. */
export function commandPayload(command: RegisteredCommand, applicationId: string): object {
  return {
    ...command.body,
    id: command.id,
    application_id: applicationId,
    ...(command.guildId !== undefined && { guild_id: command.guildId }),
    version: command.version,
    type: command.type,
    description: command.description,
    options: command.options,
    default_member_permissions: command.default_member_permissions,
    nsfw: false,
  };
}
