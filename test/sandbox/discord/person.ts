// A person in a guild: joins voice, writes, uses commands, presses buttons, fills in forms.
import type { Channel } from "./channel.ts";
import type { CommandBook, OptionValue, RegisteredCommand } from "./command-book.ts";
import { fillOptions } from "./command-options.ts";
import { selectsIn } from "./components.ts";
import type { Guild } from "./guild.ts";
import { InteractionKind } from "./interaction.ts";
import type { Choice, Interaction } from "./interaction.ts";
import type { Doing, InteractionDesk } from "./interaction-desk.ts";
import { messagePayload } from "./message-payload.ts";
import type { MessageStore } from "./message-store.ts";
import { Message } from "./message.ts";
import { fillModal } from "./modal-form.ts";
import type { FieldValue } from "./modal-form.ts";
import { has } from "./permissions.ts";
import { resolveOptions } from "./resolved.ts";
import type { UploadedFile } from "./rest-body.ts";
import { userPayload } from "./users.ts";
import type { User } from "./users.ts";

/** What people need from the local Discord. */
export interface PersonServices {
  readonly messages: MessageStore;
  readonly desk: InteractionDesk;
  readonly commands: CommandBook;
}

export type OptionValues = Readonly<Record<string, OptionValue>>;

/** What can go with a message. */
export interface MessageExtras {
  readonly replyTo?: Message;
  readonly files?: readonly Omit<UploadedFile, "field">[];
}

/** One member of one guild. */
export class Person {
  readonly user: User;
  readonly guild: Guild;
  /** Language of their Discord. */
  locale = "en-US";
  readonly #services: PersonServices;

  constructor(user: User, guild: Guild, services: PersonServices) {
    this.user = user;
    this.guild = guild;
    this.#services = services;
  }

  get id(): string {
    return this.user.id;
  }

  joinVoice(channelName: string): void {
    this.#voice(this.guild.channel(channelName).id);
  }

  leaveVoice(): void {
    this.#voice(null);
  }

  /** Switches hearing off, or on again. */
  deafens(isDeaf: boolean): void {
    this.guild.changeVoiceState(this.id, { selfDeaf: isDeaf });
  }

  #voice(channelId: string | null): void {
    const sessionId = `session-of-${this.id}`;
    this.guild.setVoiceState({
      userId: this.id,
      channelId,
      sessionId,
      selfMute: false,
      selfDeaf: false,
      suppress: false,
    });
  }

  /** Writes a message; `<@id>` mentions somebody. */
  says(channelName: string, content: string, extras: MessageExtras = {}): Message {
    return this.#write(this.guild.channel(channelName), content, extras);
  }

  /** Writes to the bot in a direct message. */
  whispers(content: string, extras: MessageExtras = {}): Message {
    return this.#write(this.guild.world.directChannel(this.user), content, extras);
  }

  /** What the bot wrote in direct messages, oldest first. */
  get received(): readonly Message[] {
    const { world } = this.guild;
    return world.directChannel(this.user).messages.filter(({ author }) => author.id === world.bot.id);
  }

  /** Takes no direct messages any more, or again. */
  takesDirectMessages(takes: boolean): void {
    if (takes) this.guild.world.closedTo.delete(this.id);
    else this.guild.world.closedTo.add(this.id);
  }

  #write(channel: Channel, content: string, { replyTo, files = [] }: MessageExtras): Message {
    const mentions = [...content.matchAll(/<@!?(\d+)>/gu)].flatMap(
      ([, id = ""]) => this.guild.world.users.get(id) ?? [],
    );
    const body = { content, ...(replyTo && { message_reference: { message_id: replyTo.id } }) };
    const uploads = files.map((file, index) => ({ ...file, field: `files[${index}]` }));
    return this.#services.messages.create({ channel, author: this.user, body, mentions, files: uploads });
  }

  /**
   * Uses a slash command and waits for the first answer; `cache stats` means a subcommand.
   * @throws {Error} when the person could not send it, or the bot does not answer within 3 s
   */
  async uses(channelName: string, commandLine: string, values: OptionValues = {}): Promise<Interaction> {
    return await this.#services.desk.answered(this.startsUsing(channelName, commandLine, values));
  }

  /** Like {@link uses}, without waiting for an answer. */
  startsUsing(channelName: string, commandLine: string, values: OptionValues = {}): Interaction {
    const { channel, command, path } = this.#chosen(channelName, commandLine);
    const { guild } = this;
    const filled = fillOptions(command.options, { path, values });
    const { options, resolved } = resolveOptions(filled, { guild, channel });
    const data = { ...commandData(command, options), resolved };
    return this.#start({ kind: InteractionKind.command, what: `/${commandLine}`, channel, data });
  }

  /** Types into an option with autocomplete and reads the suggestions. */
  async types(channelName: string, commandLine: string, values: OptionValues): Promise<readonly Choice[]> {
    const { channel, command, path } = this.#chosen(channelName, commandLine);
    const focused = Object.keys(values).at(-1) ?? "";
    const options = fillOptions(command.options, { path, values, focused });
    const data = commandData(command, options);
    const what = `typing /${commandLine}`;
    const started = this.#start({ kind: InteractionKind.autocomplete, what, channel, data });
    return (await this.#services.desk.answered(started)).choices ?? [];
  }

  /** Uses a context-menu command on a message. */
  async usesOn(message: Message, commandName: string): Promise<Interaction> {
    const command = this.#services.commands.find(commandName, 3, this.guild.id);
    this.#checkSees(command, this.#channelOf(message));
    const data = {
      ...commandData(command, []),
      target_id: message.id,
      resolved: { messages: { [message.id]: messagePayload(message) } },
    };
    const channel = this.#channelOf(message);
    const started = this.#start({ kind: InteractionKind.command, what: `"${commandName}"`, channel, data });
    return await this.#services.desk.answered(started);
  }

  /**
   * Presses a button by its label.
   * @throws {Error} when there is none, it is disabled, or the bot does not answer within 3 s
   */
  async presses(on: Message | Interaction, label: string): Promise<Interaction> {
    const message = this.#visible(on);
    const button = message.buttons.find((candidate) => candidate.label === label);
    if (!button)
      throw new Error(
        `No button "${label}"; there are: ${message.buttons.map((b) => b.label).join(", ") || "none"}`,
      );
    if (button.disabled) throw new Error(`The button "${label}" is disabled.`);
    return await this.#component(message, `button "${label}"`, {
      component_type: 2,
      custom_id: button.customId,
    });
  }

  /** Chooses options of a select menu by their labels; `placeholder` tells which menu when there are several. */
  async selects(
    on: Message | Interaction,
    labels: readonly string[],
    placeholder?: string,
  ): Promise<Interaction> {
    const message = this.#visible(on);
    const menus = selectsIn(message.state.components);
    const menu = menus.find(
      (candidate) => placeholder === undefined || candidate.placeholder === placeholder,
    );
    if (!menu) throw new Error("There is no such menu.");
    if (menu.disabled) throw new Error("The menu is disabled.");
    const values = labels.map((label) => {
      const option = menu.options?.find((candidate) => candidate.label === label);
      if (!option)
        throw new Error(`No choice "${label}"; there are: ${menu.options?.map((o) => o.label).join(", ")}`);
      return option.value;
    });
    const data = { component_type: menu.type, custom_id: menu.custom_id, values };
    return await this.#component(message, `menu ${labels.join(", ")}`, data);
  }

  /** Fills in the form an interaction opened; fields by label or custom id. */
  async submitsModal(
    opened: Interaction,
    fields: Readonly<Record<string, FieldValue>>,
  ): Promise<Interaction> {
    if (!opened.modal) throw new Error(`${opened.facts.what} opened no form.`);
    const data = {
      custom_id: opened.modal.custom_id,
      components: fillModal(opened.modal, fields),
      resolved: {},
    };
    const { channel, source } = opened.facts;
    const what = `form "${opened.modal.title}"`;
    const started = this.#start({
      kind: InteractionKind.modal,
      what,
      channel,
      data,
      source,
      trigger: opened,
    });
    return await this.#services.desk.answered(started);
  }

  async #component(message: Message, what: string, data: object): Promise<Interaction> {
    const channel = this.#channelOf(message);
    const started = this.#start({ kind: InteractionKind.component, what, channel, data, source: message });
    return await this.#services.desk.answered(started);
  }

  #start(doing: Omit<Doing, "person" | "guild">): Interaction {
    return this.#services.desk.start({ ...doing, person: this, guild: this.guild });
  }

  #visible(on: Message | Interaction): Message {
    const message = on instanceof Message ? on : on.message;
    if (!message) throw new Error("There is no message to press anything on.");
    if (message.deleted) throw new Error("That message was deleted.");
    if (message.ephemeral && message.facts.visibleTo !== this.id)
      throw new Error(`${this.user.name} cannot see that message.`);
    return message;
  }

  #chosen(
    channelName: string,
    commandLine: string,
  ): { channel: Channel; command: RegisteredCommand; path: string[] } {
    const [name = "", ...path] = commandLine.split(" ");
    const channel = this.guild.channel(channelName);
    const command = this.#services.commands.find(name, 1, this.guild.id);
    this.#checkSees(command, channel);
    return { channel, command, path };
  }

  #checkSees(command: RegisteredCommand, channel: Channel): void {
    const { default_member_permissions: needed } = command;
    if (needed === null) return;
    const mine = this.guild.permissionsOf(this.id, channel);
    const isAdministrator = has(mine, 8n);
    if (!isAdministrator && (needed === "0" || !has(mine, BigInt(needed))))
      throw new Error(`${this.user.name} does not see the command "${command.name}".`);
  }

  #channelOf(message: Message): Channel {
    return this.guild.world.channel(message.facts.channelId);
  }

  /** How the person is mentioned. */
  toString(): string {
    return `<@${userPayload(this.user).id}>`;
  }
}

function commandData(command: RegisteredCommand, options: readonly object[]): object {
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guildId !== undefined && { guild_id: command.guildId }),
    options,
    resolved: {},
  };
}
