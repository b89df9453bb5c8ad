// Prints what people and the bot say while it happens.
import { styleText } from "node:util";
import type { Guild } from "../discord/guild.ts";

const POLL_MS = 30;

/** Follows the text channels of guilds and prints each message and each change of one. */
export class Transcript {
  readonly #write: (line: string) => void;
  readonly #guilds: readonly Guild[];
  readonly #startedAtMs = performance.now();
  readonly #seen = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(guilds: readonly Guild[], write: (line: string) => void) {
    this.#guilds = guilds;
    this.#write = write;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), POLL_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#look();
  }

  /** Prints what somebody does that no message shows. */
  does(guild: Guild, who: string, what: string): void {
    this.#say(guild.name, who, what);
  }

  /** Prints a line of the director's own. */
  note(text: string): void {
    this.#look();
    this.#write(`${this.#time()}  ${styleText("dim", text)}`);
  }

  #look(): void {
    for (const guild of this.#guilds) {
      for (const message of guild.channel("general").messages) {
        const controls = message.buttons.map(({ label }) => `[${label}]`).join(" ");
        const text = [message.text, controls].filter((part) => part !== "").join("\n");
        if (text === "" || this.#seen.get(message.id) === text) continue;
        const isEdit = this.#seen.has(message.id);
        this.#seen.set(message.id, text);
        this.#say(guild.name, `${message.author.name}${isEdit ? " (edited)" : ""}`, text);
      }
    }
  }

  #say(guild: string, who: string, text: string): void {
    const [first = "", ...rest] = readable(text).split("\n");
    const head = `${this.#time()}  ${guild} · ${styleText("bold", who)}: `;
    this.#write(head + first);
    const indent = " ".repeat(10);
    for (const line of rest) this.#write(indent + line);
  }

  #time(): string {
    return `${((performance.now() - this.#startedAtMs) / 1000).toFixed(2).padStart(6)} s`;
  }
}

/** Discord's markdown as a terminal shows it best: without most of the marks. */
function readable(text: string): string {
  return text
    .replaceAll(/^(?:#{1,3}|-#) /gmu, "")
    .replaceAll("**", "")
    .replaceAll(/<t:\d+:R>/gu, "soon")
    .replaceAll(/<@\d+>/gu, "@somebody")
    .replaceAll(/\\(?<mark>[^A-Za-z0-9\s])/gu, "$<mark>");
}
