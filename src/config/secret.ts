/** A value that cannot be logged, printed or serialized by accident. */
import { inspect } from "node:util";

const MASK = "[secret]";

/** Wraps a secret: every way of turning it into text gives a mask, except {@link Secret.reveal}. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
