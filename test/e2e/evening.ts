// A long evening in one guild: what people do in it, by chance, and the same again for a seed.
import type { Guild } from "../sandbox/discord/guild.ts";
import type { VisibleButton } from "../sandbox/discord/components.ts";
import { selectsIn, walk } from "../sandbox/discord/components.ts";
import type { Interaction } from "../sandbox/discord/interaction.ts";
import type { Message } from "../sandbox/discord/message.ts";
import type { OptionValues, Person } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { LogEvent } from "../sandbox/bot-process.ts";
import type { Stage } from "../sandbox/stage.ts";

/** What the evening is made of. */
interface Setting {
  readonly stage: Stage;
  readonly guild: Guild;
  /** Everything the bot has logged, whichever process it was. */
  readonly log: readonly LogEvent[];
  /** The first one manages the server. */
  readonly people: readonly [Person, ...Person[]];
  readonly songs: readonly Song[];
  /** Link to all of them. */
  readonly list: string;
  /** 0 ≤ number < 1 */
  readonly random: () => number;
}

type Values = Readonly<Record<string, string | number | true>>;
type Deed = (evening: Evening, who: Person) => Promise<unknown>;

/** A deed that is a command, typed or chosen from Discord's list. */
const does =
  (name: string, values: (evening: Evening) => Values = () => ({})): Deed =>
  (evening, who) =>
    evening.does(who, name, values(evening));

/** Everything people do, by how often they do it. */
const DEEDS: readonly (readonly [weight: number, deed: Deed])[] = [
  [18, does("play", ({ song }) => ({ query: song.url }))],
  [4, does("play", ({ song }) => ({ query: song.title }))],
  [3, does("play", ({ song }) => ({ query: song.url, next: true }))],
  [2, does("play", ({ song }) => ({ query: song.url, now: true }))],
  [2, does("play", ({ list }) => ({ query: list, limit: 3 }))],
  [2, does("search", () => ({ words: "Jingle" }))],
  [4, (evening, who) => evening.asksInRequestChannel(who)],
  [2, (_, who) => who.types("general", "play", { query: "jing" })],

  [20, does("skip")],
  [2, does("skip", () => ({ to: 2 }))],
  [3, does("back")],
  [2, does("replay")],
  [2, does("pause")],
  [6, does("resume")],
  [2, does("seek", () => ({ position: "0:01" }))],
  [2, does("forward", () => ({ by: "1" }))],
  [2, does("rewind", () => ({ by: "1" }))],
  [1, does("stop")],
  [1, does("sleep", () => ({ minutes: 30 }))],
  [2, does("summon")],

  [4, does("queue")],
  [2, does("shuffle")],
  [2, does("move", () => ({ from: 2, to: 1 }))],
  [2, does("remove songs", () => ({ numbers: "1-2" }))],
  [1, does("remove duplicates")],
  [1, does("clear")],
  [2, does("loop", ({ any }) => ({ mode: any(["track", "queue", "off", "off"]) }))],

  [2, does("volume", ({ any }) => ({ percent: any([50, 100, 100]) }))],
  [2, does("filter", ({ any }) => ({ name: any(["nightcore", "off", "off"]) }))],
  [3, does("nowplaying")],
  [1, does("help")],
  [1, does("history")],
  [1, does("grab")],
  [1, does("lyrics")],
  [1, does("cache stats")],
  [2, does("favourites add")],
  [1, does("favourites show")],
  [1, does("favourites play")],
  [2, does("playlist save", ({ any }) => ({ name: any(["Early", "Late"]) }))],
  [1, does("playlist play", ({ any }) => ({ name: any(["Early", "Late"]) }))],
  [1, does("playlist delete", ({ any }) => ({ name: any(["Early", "Late"]) }))],
  [1, does("sponsorblock", ({ any }) => ({ choice: any(["on", "off"]) }))],
  [1, does("autoplay", ({ any }) => ({ choice: any(["on", "off"]) }))],
  [1, does("language", ({ any }) => ({ name: any(["de", "en", "auto"]) }))],
  [8, (evening) => evening.settles()],

  [20, (evening, who) => evening.presses(who)],
  [8, (evening, who) => evening.selects(who)],
  [8, async ({ any }, who) => who.joinVoice(any(["Lounge", "Lounge", "Lounge", "Lounge", "Loft"]))],
  [2, async (_, who) => who.leaveVoice()],
  [8, async (_, who) => void who.says("general", "I like this one.")],
  [8, (evening) => evening.listens()],
];

/** What a manager chooses for the server now and then. */
const SETTINGS: readonly OptionValues[] = [
  { "vote-skip": "on" },
  { "vote-skip": "off" },
  { "fair-queue": "on" },
  { "fair-queue": "off" },
  { announce: "silent" },
  { announce: "on" },
  { stay: "on" },
  { "queue-cap": 30 },
  { "person-cap": 20 },
];

/** Between two deeds, so that all of them together are hardly faster than the bot lets a guild be. */
const PAUSE_FRAMES = 10;
/** So many deeds without a new song, and somebody cares about the music. */
const PATIENCE = 8;

/** The people of one guild, and what they see. */
export class Evening {
  readonly guild: Guild;
  readonly list: string;
  readonly #setting: Setting;
  #asked: number;
  #deedsSinceSong = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.guild = setting.guild;
    this.list = setting.list;
    this.#asked = this.runs.length;
  }

  /** Songs that began. */
  get songs(): number {
    return this.#setting.log.filter(({ event }) => event === "player.started").length;
  }

  /** What became of each command and each press. */
  get runs(): readonly LogEvent[] {
    return this.#setting.log.filter(({ event }) => event === "command.run");
  }

  readonly any = <T>(things: readonly T[]): T => {
    const thing = things[Math.floor(this.#setting.random() * things.length)];
    if (thing === undefined) throw new Error("There is nothing to choose from.");
    return thing;
  };

  get song(): Song {
    return this.any(this.#setting.songs);
  }

  /** Somebody does something. */
  async goesOn(): Promise<void> {
    const before = this.songs;
    const total = DEEDS.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.#setting.random() * total;
    const [, deed] = DEEDS.find(([weight]) => (left -= weight) < 0) ?? DEEDS[0]!;
    await deed(this, this.any(this.#setting.people));
    await this.listens(PAUSE_FRAMES);
    this.#deedsSinceSong = this.songs > before ? 0 : this.#deedsSinceSong + 1;
    if (this.#deedsSinceSong > PATIENCE) await this.#caresAboutMusic();
  }

  /** Uses a command, by slash or typed. */
  async does(who: Person, name: string, values: Values = {}): Promise<void> {
    if (this.#setting.random() < 0.5) who.says("general", typed(name, values));
    else await who.uses("general", name, values);
    await this.#answered();
  }

  /** From now on songs can be asked for in "songs" too. */
  async opensRequestChannel(): Promise<void> {
    const [manager] = this.#setting.people;
    await manager.uses("general", "settings", { "request-channel": this.guild.channel("songs").id });
    await this.#answered();
  }

  /** Once there is such a channel. */
  async asksInRequestChannel(who: Person): Promise<void> {
    if (this.guild.channel("songs").messages.length === 0) return;
    who.says("songs", this.song.url);
    await this.#answered();
  }

  async settles(): Promise<void> {
    const [manager] = this.#setting.people;
    await manager.uses("general", "settings", this.any(SETTINGS));
    await this.#answered();
  }

  /** Presses any button of the newest messages that this person sees. */
  async presses(who: Person): Promise<void> {
    const seen = this.#seenBy(who).filter((message) => pressable(message).length > 0);
    if (seen.length === 0) return;
    const message = this.any(seen.slice(-3));
    await this.pressesButton(who, message, this.any(pressable(message)));
  }

  /** Presses one button; a form is filled in. */
  async pressesButton(who: Person, message: Message, { label }: VisibleButton): Promise<void> {
    const pressed = await who.presses(message, label);
    await this.#answered();
    if (!pressed.modal) return;
    await who.submitsModal(pressed, filledIn(pressed));
    await this.#answered();
  }

  /** A listener presses one button of each kind that is still there, while a song plays. Returns what became of it. */
  async pressesEachKind(): Promise<ReadonlyMap<string, unknown>> {
    const [manager] = this.#setting.people;
    const outcomes = new Map<string, unknown>();
    for (;;) {
      if (!this.#isPlaying) await this.#caresAboutMusic();
      // Whoever was too fast tries it again.
      await this.listens();
      const [next] = this.#seenBy(manager)
        .toReversed()
        .flatMap((message) => pressable(message).map((button) => ({ message, button })))
        .filter(({ button }) => !outcomes.has(kindOf(button)));
      if (!next) return outcomes;
      await this.pressesButton(manager, next.message, next.button);
      const outcome = this.runs.at(-1)?.["outcome"];
      if (outcome !== "TOO_FAST") outcomes.set(kindOf(next.button), outcome);
    }
  }

  /** Chooses something from the newest menu that this person sees. */
  async selects(who: Person): Promise<void> {
    const message = this.#seenBy(who).findLast(({ state }) => selectsIn(state.components).length > 0);
    const options = message && selectsIn(message.state.components)[0]?.options;
    if (!message || !options) return;
    await who.selects(message, [this.any(options).label]);
    await this.#answered();
  }

  /** Nobody does anything until another song begins, or for so many frames. */
  async listens(frames = 100): Promise<void> {
    const { discord } = this.#setting.stage;
    const { songs, guild } = this;
    const heard = guild.heard.sounding.length;
    const isMoving = (): boolean => this.songs > songs || guild.heard.sounding.length >= heard + frames;
    const mayBeQuiet = { what: "music", timeoutMs: frames * 30 };
    await discord.until(isMoving, mayBeQuiet).catch(() => undefined);
  }

  /** Everything the bot wrote here, deleted messages and those for one person too. */
  get written(): readonly Message[] {
    const botId = this.#setting.stage.discord.botId;
    return [...this.guild.world.messages.values()].filter(
      ({ author, facts }) => author.id === botId && facts.guildId === this.guild.id,
    );
  }

  #seenBy({ id }: Person): readonly Message[] {
    return this.written.filter(({ deleted, facts }) => !deleted && (facts.visibleTo ?? id) === id);
  }

  get #isPlaying(): boolean {
    const last = this.#setting.log.findLast(({ event }) =>
      /^player\.(?:started|finished|failed)$/u.test(event),
    );
    return last?.event === "player.started";
  }

  async #caresAboutMusic(): Promise<void> {
    this.#deedsSinceSong = 0;
    const [manager] = this.#setting.people;
    manager.joinVoice(this.guild.botVoiceChannel?.name ?? "Lounge");
    await this.does(manager, "loop", { mode: "off" });
    await this.does(manager, "resume");
    await this.does(manager, "play", { query: this.song.url });
    await this.does(manager, "skip");
  }

  /** Waits until the bot is done with what somebody asked for. */
  async #answered(): Promise<void> {
    this.#asked += 1;
    await this.#setting.stage.discord.until(() => this.runs.length >= this.#asked, {
      what: `the bot has done ${this.#asked} things`,
      timeoutMs: 30_000,
    });
  }
}

/** Buttons that do something. */
function pressable({ buttons }: Message): readonly VisibleButton[] {
  return buttons.filter(({ disabled, customId }) => !disabled && customId !== undefined);
}

/** The command and the press that a button stands for. */
function kindOf({ customId = "" }: VisibleButton): string {
  return customId.split(":").slice(0, 2).join(":");
}

/** A command as it is typed: `?play --next <link>`. */
function typed(command: string, values: Values): string {
  const words = Object.entries(values).map(([name, value]) => {
    if (value === true) return `--${name}`;
    return name === "limit" ? `--limit ${value}` : String(value);
  });
  return [`?${command}`, ...words].join(" ");
}

/** A volume that is one, and no other form asks for anything else. */
function filledIn({ modal }: Interaction): Readonly<Record<string, string>> {
  const ids = [...walk(modal?.components ?? [])].flatMap(({ custom_id: id }) => id ?? []);
  return Object.fromEntries(ids.map((id) => [id, "20"]));
}
