import type { Settings } from "../db/settings.ts";

const NAME = "eviction.clock";

/** Ageing term of the eviction policy: the rank of the last victim. Never goes back; survives restarts. */
export class EvictionClock {
  readonly #settings: Settings;
  #value: number;

  constructor(settings: Settings, value: number) {
    this.#settings = settings;
    this.#value = value;
  }

  static async load(settings: Settings): Promise<EvictionClock> {
    return new EvictionClock(settings, Number((await settings.get(NAME)) ?? 0));
  }

  get value(): number {
    return this.#value;
  }

  async advance(evictKey: number): Promise<void> {
    if (evictKey <= this.#value) return;
    this.#value = evictKey;
    await this.#settings.set(NAME, String(evictKey));
  }
}
