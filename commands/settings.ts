import {
  AppError,
  type Arg,
  choice,
  type CommandContext,
  defineCommand,
  GUILD_OPTION_NAMES,
  GUILD_OPTIONS,
  type GuildOptionName,
  integer,
  named,
  type Panel,
  plain,
  requireRight,
  type Texts,
  thing,
  word,
} from "#command";

const SWITCH = ["on", "off"] as const;

const ARGS: Readonly<Record<string, Arg>> = {
  ...Object.fromEntries(GUILD_OPTION_NAMES.map((name) => [typedName(name), argOf(name)])),
  reset: named(choice(({ commands }) => commands.settings.reset, GUILD_OPTION_NAMES.map(typedName))),
};

export const command = defineCommand({
  name: "settings",
  group: "server",
  aliases: ["config"],
  description: ({ commands }) => commands.settings.about,
  args: ARGS,
  // Everyone may look.
  action: "view",
  further: ["guild.manage", "options.dj"],
  visibility: "private",
  needs: [],
  async run(context, values) {
    const changes = GUILD_OPTION_NAMES.flatMap((name) => changeOf(name, values));
    for (const one of changes) {
      requireChange(context, one.name);
      requirePossible(context, one);
    }
    for (const one of changes) await change(context, one);
    await context.reply(changes.length === 0 ? await overview(context) : changed(context, changes));
  },
});

interface Change {
  readonly name: GuildOptionName;
  /** `undefined` = back to the default. */
  readonly text: string | undefined;
}

function changeOf(name: GuildOptionName, values: Readonly<Record<string, unknown>>): readonly Change[] {
  if (values["reset"] === typedName(name)) return [{ name, text: undefined }];
  const value = values[typedName(name)];
  return typeof value === "string" || typeof value === "number" ? [{ name, text: String(value) }] : [];
}

/** `leave-idle-minutes`: Discord wants small letters. */
function typedName(name: GuildOptionName): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}

function argOf(name: GuildOptionName): Arg {
  const about = ({ commands }: Texts): string => commands.settings.options[name];
  const option = GUILD_OPTIONS[name];
  switch (option.kind) {
    case "switch":
      return named(choice(about, SWITCH));
    case "choice":
      return named(choice(about, option.values));
    case "number":
      return named(integer(about, option));
    case "characters":
      return named({ ...word(about), maxLength: option.maxLength });
    case "role":
      return named(thing("role", about));
    case "channel":
      return named(thing("text channel", about));
  }
}

/** @throws {AppError} `NOT_ALLOWED` */
function requireChange(context: CommandContext, name: GuildOptionName): void {
  requireRight(context, GUILD_OPTIONS[name].changedBy === "dj" ? "options.dj" : "guild.manage");
}

/** @throws {AppError} `CHANNEL_NO_PERMISSION`, `NEEDS_TYPED_COMMANDS` before anything is changed */
function requirePossible({ guildId, prefix, services }: CommandContext, { name, text }: Change): void {
  if (GUILD_OPTIONS[name].kind !== "channel" || text === undefined) return;
  if (name === "requestChannel" && prefix === undefined) throw new AppError("NEEDS_TYPED_COMMANDS");
  services.requireWriting(guildId, text);
}

async function change({ guildId, services, session }: CommandContext, { name, text }: Change): Promise<void> {
  await services.options.set(guildId, name, text);
  session.onOptions();
  services.announcer.onOptions(session);
}

function changed(context: CommandContext, changes: readonly Change[]): Panel {
  const { guildId, services, texts } = context;
  const lines = changes.map(({ name }) =>
    texts.settings.changed({ name: typedName(name), value: valueOf(context, name) }),
  );
  const player = changes.find(({ name }) => name === "requestChannel")?.text;
  const isUntidy = player !== undefined && !services.mayTidy(guildId, player);
  return {
    tone: isUntidy ? "warning" : "done",
    lines: [...lines, ...(isUntidy ? [texts.settings.untidy] : [])],
  };
}

/** Every option with its value, what it can be, and what it is else. */
async function overview(context: CommandContext): Promise<Panel> {
  const { guildId, services, prefix, texts } = context;
  const { settings: say } = texts;
  const [volume, { plain: profile, effect = "off" }] = await Promise.all([
    services.volumes.volumeOf(guildId),
    services.profiles.soundOf(guildId),
  ]);
  const language = services.languages.choiceOf(guildId) ?? "auto";
  const example = `${prefix ?? "/"}settings stay${prefix === undefined ? ":" : " "}on`;
  return {
    tone: "info",
    title: say.title,
    lines: [
      ...GUILD_OPTION_NAMES.map((name) => optionLine(context, name)),
      say.others({ volume, profile: profile.name, filter: effect, language }),
    ],
    footer: say.howTo({ line: example }),
  };
}

function optionLine(context: CommandContext, name: GuildOptionName): string {
  const { settings: say } = context.texts;
  const { default: standard } = GUILD_OPTIONS[name];
  return say.option({
    name: typedName(name),
    value: valueOf(context, name),
    range: rangeOf(name, context.texts),
    standard: standard === undefined ? standardOf(context, name) : asTyped(standard),
  });
}

function rangeOf(name: GuildOptionName, { settings: say }: Texts): string {
  const option = GUILD_OPTIONS[name];
  switch (option.kind) {
    case "switch":
      return SWITCH.join("|");
    case "choice":
      return option.values.join("|");
    case "number":
      return say.fromTo(option);
    case "characters":
      return say.characters({ most: option.maxLength });
    case "role":
      return say.role;
    case "channel":
      return say.channel;
  }
}

/** What counts now; the options may have changed since the request came. */
function valueOf(context: CommandContext, name: GuildOptionName): string {
  const value = context.services.options.of(context.guildId)[name];
  if (value === undefined) return standardOf(context, name);
  const { kind } = GUILD_OPTIONS[name];
  if (kind === "role") return `<@&${String(value)}>`;
  if (kind === "channel") return `<#${String(value)}>`;
  return asTyped(value);
}

function standardOf({ services, texts }: CommandContext, name: GuildOptionName): string {
  return name === "prefix" && services.prefix !== undefined ? plain(services.prefix) : texts.settings.none;
}

function asTyped(value: string | number | boolean): string {
  return typeof value === "boolean" ? SWITCH[value ? 0 : 1] : plain(String(value));
}
