/** What people search for on YouTube that begins like what was typed. */
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import { parseJson } from "./named-song.ts";
import { normalizeSearch } from "./resolver.ts";
import { SharedLookups } from "./shared-lookups.ts";
import type { SideService } from "./side-service.ts";
import { cleanText } from "./untrusted-text.ts";

/** What {@link Suggestions} needs. */
export interface SuggestionDeps {
  readonly service: SideService;
  readonly clock: Clock;
}

interface Remembered {
  readonly found: readonly string[];
  readonly untilMs: number;
}

const ANSWER = z.tuple([z.string(), z.array(z.string())]).rest(z.unknown());

/** Fewer letters may become anything. */
const FEWEST_LETTERS = 3;
/** Between two requests, however many people type: theirs is a service for browsers of one person each. */
const PAUSE_MS = 250;
const REMEMBERED_MS = 60 * 60_000;
const MOST_REMEMBERED = 1_000;
const LONGEST_MS = 5_000;

/** Asks seldom, remembers for an hour, and says nothing rather than keep anybody waiting for its turn. */
export class Suggestions {
  readonly #deps: SuggestionDeps;
  readonly #lookups = new SharedLookups<readonly string[]>(LONGEST_MS);
  readonly #remembered = new Map<string, Remembered>();
  #restsUntilMs = 0;

  constructor(deps: SuggestionDeps) {
    this.#deps = deps;
  }

  /** Empty when it is not known and may not be asked now. Whoever stops waiting leaves the answer to the next one. */
  async find(typed: string, signal: AbortSignal): Promise<readonly string[]> {
    const words = normalizeSearch(typed);
    if (words.length < FEWEST_LETTERS || /[:/]/u.test(words)) return [];
    const nowMs = this.#deps.clock.monotonicMs();
    const known = this.#known(words, nowMs);
    if (known) return known;
    return await this.#lookups.join(words, (shared) => this.#ask(words, shared), signal);
  }

  async #ask(words: string, signal: AbortSignal): Promise<readonly string[]> {
    const { service, clock } = this.#deps;
    if (clock.monotonicMs() < this.#restsUntilMs) return [];
    this.#restsUntilMs = clock.monotonicMs() + PAUSE_MS;
    const query = new URLSearchParams({ client: "firefox", ds: "yt", ie: "utf-8", oe: "utf-8", q: words });
    const page = await service.read(`/complete/search?${query.toString()}`, signal);
    const answer = ANSWER.safeParse(parseJson(page.text)).data;
    const found = (answer?.[1] ?? []).map((text) => cleanText(text)).filter((text) => text !== "");
    this.#remember(words, found);
    return found;
  }

  /** What was found for fewer letters holds for more of them as far as it begins like that. */
  #known(words: string, nowMs: number): readonly string[] | undefined {
    const exact = this.#remembered.get(words);
    if (exact && exact.untilMs > nowMs) return exact.found;
    if (nowMs >= this.#restsUntilMs) return undefined;
    for (let length = words.length - 1; length >= FEWEST_LETTERS; length -= 1) {
      const shorter = this.#remembered.get(words.slice(0, length));
      if (shorter && shorter.untilMs > nowMs) return shorter.found.filter((text) => text.startsWith(words));
    }
    return undefined;
  }

  #remember(words: string, found: readonly string[]): void {
    this.#remembered.delete(words);
    this.#remembered.set(words, { found, untilMs: this.#deps.clock.monotonicMs() + REMEMBERED_MS });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MOST_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }
}
