/** Turns any value into plain, bounded, printable data for one log line. */
import { AppError } from "../core/errors.ts";
import type { CleanText } from "./clean-text.ts";
import { isSecretName } from "./redact.ts";

const MOST_CHARACTERS = 512;
const MOST_DETAIL_CHARACTERS = 2_000;
const MOST_NAME_CHARACTERS = 64;
const MOST_ITEMS = 50;
const DEEPEST = 6;
const LONGEST_CAUSE_CHAIN = 5;
const STACK_LINES = 12;

/** Data as JSON can hold it. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/** The fields of one event, names and values cleaned; those without a value are left out. */
export function serializeFields(fields: object, clean: CleanText, depth = 0): Record<string, Plain> {
  const entries: readonly [unknown, unknown][] =
    fields instanceof Map ? [...fields.entries()] : Object.entries(fields);
  return Object.fromEntries(
    entries
      .slice(0, MOST_ITEMS)
      .filter(([, value]) => value !== undefined && typeof value !== "function")
      .map(([key, value]) => {
        const name = clean(String(key), MOST_NAME_CHARACTERS);
        return [
          name,
          value !== null && isSecretName(name) ? "[secret]" : serialize(value, name, clean, depth),
        ];
      }),
  );
}

function serialize(value: unknown, name: string, clean: CleanText, depth: number): Plain {
  if (typeof value === "string") {
    return clean(value, name === "detail" ? MOST_DETAIL_CHARACTERS : MOST_CHARACTERS);
  }
  if (typeof value === "object") return value === null ? null : serializeObject(value, clean, depth);
  if (typeof value === "boolean" || Number.isFinite(value)) return value as boolean | number;
  return typeof value === "bigint" || typeof value === "number" ? String(value) : null;
}

function serializeObject(value: object, clean: CleanText, depth: number): Plain {
  if (value instanceof Error) return serializeError(value, clean, depth);
  if (depth >= DEEPEST) return "[deeper]";
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) {
    return value.slice(0, MOST_ITEMS).map((item) => serialize(item, "", clean, depth + 1));
  }
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return serialize((value.toJSON as () => unknown)(), "", clean, depth + 1);
  }
  return serializeFields(value, clean, depth + 1);
}

/** By an allow-list: libraries hang requests with headers and tokens on their errors. */
function serializeError(thrown: Error, clean: CleanText, depth: number, causes = 0): Plain {
  const known = thrown instanceof AppError;
  const { code } = thrown as { readonly code?: unknown };
  const { cause } = thrown;
  return {
    name: clean(thrown.name, MOST_NAME_CHARACTERS),
    ...(typeof code === "string" && { code: clean(code, MOST_NAME_CHARACTERS) }),
    message: clean(thrown.message, MOST_CHARACTERS),
    ...(known && { context: serializeFields(thrown.context, clean, depth + 1) }),
    // What was foreseen needs no stack.
    ...((!known || thrown.severity === "bug") && { stack: stackOf(thrown, clean) }),
    ...(cause instanceof Error &&
      causes < LONGEST_CAUSE_CHAIN && { cause: serializeError(cause, clean, depth, causes + 1) }),
  };
}

function stackOf(thrown: Error, clean: CleanText): readonly string[] {
  const lines = (thrown.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  return lines.slice(0, STACK_LINES).map((line) => clean(line.trim(), MOST_CHARACTERS));
}
