/** What a guild can choose for itself, in one table; volume, sound profile and language have stores of their own. */

interface SwitchOption {
  readonly kind: "switch";
  readonly default: boolean;
}

interface NumberOption {
  readonly kind: "number";
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

interface ChoiceOption<T extends string> {
  readonly kind: "choice";
  readonly values: readonly T[];
  readonly default: T;
}

/** The ID of a role or of a text channel; nothing by default. */
interface ThingOption {
  readonly kind: "role" | "channel";
  readonly default: undefined;
}

/** A few characters without space; nothing by default. */
interface CharactersOption {
  readonly kind: "characters";
  readonly maxLength: number;
  readonly default: undefined;
}

interface Changeable {
  /** `dj`: DJs may change it too. */
  readonly changedBy: "admin" | "dj";
}

/** One row of the table. */
export type GuildOption = (
  | SwitchOption
  | NumberOption
  | ChoiceOption<string>
  | ThingOption
  | CharactersOption
) &
  Changeable;

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ["on", true],
  ["off", false],
]);
/** A snowflake of Discord. */
const ID = /^\d{1,20}$/u;

/** Every option with its default, its range and who may change it. */
export const GUILD_OPTIONS = {
  /** What typed commands begin with; nothing = the bot's own. */
  prefix: characters(5),
  /** Whoever has this role has a say about everyone's music; nothing = everybody has. */
  djRole: thing("role"),
  /** Who may ask for songs. */
  playFor: choice(["everyone", "dj"], "everyone"),
  /** Whether a message shows the song that plays. */
  announce: choice(["on", "silent"], "on"),
  /** Where it does; nothing = where the song was asked for. */
  announceChannel: thing("channel"),
  /** Every message there is a song, and one message is the player. */
  requestChannel: thing("channel"),
  /** People vote about skipping the songs of others. */
  voteSkip: toggle(false),
  /** Share of the listeners whose votes are enough. */
  voteSkipPercent: number(50, { min: 1, max: 100 }),
  /** The bot stays in its voice channel day and night. */
  stay: toggle(false),
  /** Nobody listening holds the song. */
  pauseAlone: toggle(true),
  /** How long the bot waits for listeners before it leaves. */
  leaveAloneMinutes: number(5, { min: 0, max: 1_440 }),
  /** How long it waits for songs before it leaves. */
  leaveIdleMinutes: number(5, { min: 0, max: 1_440 }),
  /** Longest song that is taken; 0 = whatever the bot takes. */
  maxSongMinutes: number(0, { min: 0, max: 1_440 }),
  /** Most songs that may wait. */
  queueCap: number(1_000, { min: 1, max: 10_000 }),
  /** Most songs of one person that may wait; 0 = no limit but that of the queue. */
  personCap: number(0, { min: 0, max: 10_000 }),
  /** People take turns in the queue. */
  fairQueue: toggle(false, "dj"),
  /** Parts without music are jumped over. */
  sponsorBlock: toggle(false, "dj"),
  /** When the queue ends, songs like those before go on. */
  autoplay: toggle(false, "dj"),
  /** The song's title is shown under the name of the voice channel. */
  voiceStatus: toggle(true),
} as const satisfies Record<string, GuildOption>;

export type GuildOptionName = keyof typeof GUILD_OPTIONS;

type ValueOf<O> = O extends SwitchOption
  ? boolean
  : O extends NumberOption
    ? number
    : O extends ChoiceOption<infer T>
      ? T
      : string | undefined;

/** What counts in a guild. */
export type GuildOptions = { readonly [Name in GuildOptionName]: ValueOf<(typeof GUILD_OPTIONS)[Name]> };

export const GUILD_OPTION_NAMES = Object.keys(GUILD_OPTIONS) as readonly GuildOptionName[];

/** What counts where nothing was chosen. */
export const DEFAULT_GUILD_OPTIONS: GuildOptions = guildOptions({});

/** The options of all guilds, read from memory: whoever asks must not wait for the database. */
export interface GuildOptionBook {
  of(guildId: string): GuildOptions;
  /**
   * Chooses a value, as {@link parseOption} reads it; `undefined` = back to the default.
   * @throws {RangeError} when the text is none of the option's values
   */
  set(guildId: string, name: GuildOptionName, text: string | undefined): Promise<GuildOptions>;
}

const MINUTE_MS = 60_000;

/** The longest song that a guild takes, in milliseconds. */
export function longestSongMs({ maxSongMinutes }: Pick<GuildOptions, "maxSongMinutes">): number {
  return maxSongMinutes === 0 ? Infinity : maxSongMinutes * MINUTE_MS;
}

/** Options from the texts that were chosen. A text that is no value (any more) counts as no choice. */
export function guildOptions(chosen: Partial<Record<GuildOptionName, string>>): GuildOptions {
  const values = GUILD_OPTION_NAMES.map((name) => [
    name,
    parseOption(name, chosen[name] ?? "") ?? GUILD_OPTIONS[name].default,
  ]);
  return Object.fromEntries(values) as GuildOptions;
}

/** The value that a text means; `undefined` = none. Switches say `on` and `off`. */
export function parseOption(name: GuildOptionName, text: string): string | number | boolean | undefined {
  const option: GuildOption = GUILD_OPTIONS[name];
  switch (option.kind) {
    case "switch":
      return SWITCH.get(text);
    case "number":
      return parseWhole(text, option);
    case "choice":
      return option.values.find((value) => value === text);
    case "characters":
      return text.length <= option.maxLength ? /^\S+$/u.exec(text)?.[0] : undefined;
    case "role":
    case "channel":
      return ID.exec(text)?.[0];
  }
}

function parseWhole(text: string, { min, max }: NumberOption): number | undefined {
  const value = /^\d{1,9}$/u.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

function thing(kind: ThingOption["kind"]): ThingOption & Changeable {
  return { kind, default: undefined, changedBy: "admin" };
}

function characters(maxLength: number): CharactersOption & Changeable {
  return { kind: "characters", maxLength, default: undefined, changedBy: "admin" };
}

function toggle(byDefault: boolean, changedBy: Changeable["changedBy"] = "admin"): SwitchOption & Changeable {
  return { kind: "switch", default: byDefault, changedBy };
}

function number(byDefault: number, range: Pick<NumberOption, "min" | "max">): NumberOption & Changeable {
  return { kind: "number", default: byDefault, ...range, changedBy: "admin" };
}

function choice<const T extends string>(values: readonly T[], byDefault: T): ChoiceOption<T> & Changeable {
  return { kind: "choice", values, default: byDefault, changedBy: "admin" };
}
