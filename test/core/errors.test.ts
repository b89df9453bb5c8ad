import { describe, expect, it } from "vitest";
import { AppError, type ErrorCode, ERRORS, errorKind, toAppError } from "../../src/core/errors.ts";

const CODES = Object.keys(ERRORS) as ErrorCode[];
const FILLED_BY_CONTEXT = /\{(?<name>\w+)\}/gu;

describe.each(CODES)("%s", (code) => {
  it("has a sentence that ends with its end, with a command to run, or with what is filled in", () => {
    const { message } = ERRORS[code];
    expect(message).toMatch(/(\.|\}|: npm run (setup|doctor|cache -- [a-z]+)|: \/[a-z_]+)$/u);
    expect(message).not.toMatch(/\s{2}|\n|undefined/u);
  });

  it("says what its context fills in", () => {
    const names = [...ERRORS[code].message.matchAll(FILLED_BY_CONTEXT)].map(
      (match) => match.groups?.["name"] ?? "",
    );
    const context = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
    const { message } = new AppError(code, context);
    expect(message).not.toMatch(FILLED_BY_CONTEXT);
    for (const name of names) expect(message).toContain(`<${name}>`);
  });

  it("has rules without gaps", () => {
    const { severity, memory, tryOther } = errorKind(code);
    expect(["user", "outside", "bug"]).toContain(severity);
    expect(["none", "seconds", "doubling", "hours"]).toContain(memory);
    expect(typeof tryOther).toBe("boolean");
  });
});

describe("an error", () => {
  it("keeps its code, its facts and its cause", () => {
    const cause = new Error("disk on fire");
    const error = new AppError("DISK_FULL", { path: "/cache" }, { cause });
    expect(error).toMatchObject({ name: "AppError", code: "DISK_FULL", context: { path: "/cache" }, cause });
    expect(error.severity).toBe("outside");
  });

  it("fills in texts and numbers, and neither objects nor what stands inside a filled-in text", () => {
    expect(new AppError("TRACK_TOO_LONG", { limit: "{limit} $& $1" }).message).toContain(
      "the {limit} $& $1 allowed",
    );
    expect(new AppError("TRACK_TOO_LONG", { limit: 3 }).message).toContain("the 3 allowed");
    expect(new AppError("TRACK_TOO_LONG", { limit: {} }).message).toContain("{limit}");
  });
});

describe("any thrown value", () => {
  it("stays what it is when it is one of ours", () => {
    const error = new AppError("NOT_IN_VOICE");
    expect(toAppError(error)).toBe(error);
  });

  it("is a cancellation when a signal was the reason", () => {
    const controller = new AbortController();
    controller.abort();
    expect(toAppError(controller.signal.reason).code).toBe("ABORTED");
  });

  it.each([new TypeError("x is undefined"), "text", undefined, null, 7])(
    "is our bug otherwise: %s",
    (thrown) => {
      expect(toAppError(thrown)).toMatchObject({ code: "INTERNAL", cause: thrown, severity: "bug" });
    },
  );
});

it.each([
  ["EMFILE", "OUT_OF_FILES"],
  ["SQLITE_FULL", "DISK_TOO_FULL"],
  ["EPERM", "INTERNAL"],
])("what the system calls %s is %s wherever it happens", (code, expected) => {
  expect(toAppError(Object.assign(new RangeError("no"), { code })).code).toBe(expected);
});
