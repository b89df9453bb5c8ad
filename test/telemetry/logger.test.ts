import { expect, test } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import type { LoggerOptions } from "../../src/telemetry/logger.ts";

const TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const clock = { nowMs: () => Date.UTC(2026, 10, 20, 9, 30), monotonicMs: () => 0 };

interface Captured {
  readonly lines: string[];
  readonly logger: ReturnType<typeof createLogger>;
}

function capture(options: Partial<LoggerOptions> = {}): Captured {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  return {
    lines,
    logger: createLogger({ format: "json", level: "debug", secrets: [], write, clock, ...options }),
  };
}

function logged(fields: Readonly<Record<string, unknown>>, options: Partial<LoggerOptions> = {}): unknown {
  const { lines, logger } = capture(options);
  logger.info("test", fields);
  return JSON.parse(lines[0] ?? "");
}

test("an event is one JSON line with time, level, event and its fields", () => {
  const { lines, logger } = capture();
  logger.info("cache.hit", { key: "dQw4w9WgXcQ", bytes: 12, guildId: undefined });
  logger.error("player.failed");
  expect(lines).toEqual([
    '{"level":"info","time":"2026-11-20T09:30:00.000Z","event":"cache.hit","key":"dQw4w9WgXcQ","bytes":12}\n',
    '{"level":"error","time":"2026-11-20T09:30:00.000Z","event":"player.failed"}\n',
  ]);
});

test("fields cannot take the place of time, level and event", () => {
  const line = logged({ time: 1, level: "debug", event: "fake" });
  expect(line).toMatchObject({ level: "info", event: "test", time_: 1, level_: "debug", event_: "fake" });
});

test("events below the level are not written", () => {
  const { lines, logger } = capture({ level: "warn" });
  logger.debug("a");
  logger.info("b");
  logger.warn("c");
  logger.error("d");
  expect(lines).toHaveLength(2);
});

test.each(["json", "pretty"] as const)(
  "a hostile title stays on its line and moves no cursor: %s",
  (format) => {
    const { lines, logger } = capture({ format });
    const title = 'x\n{"event":"fake"}\r\u001B[31mred\u009B1m\u202Egnp.exe\u2028\u0000';
    logger.info("cache.miss", { title, [title]: title });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\u2028\u202E]/u);
    expect(lines[0]).toContain(String.raw`\u001b[31mred`);
  },
);

test("long texts are cut, details later", () => {
  const line = logged({ title: "x".repeat(5_000), detail: "y".repeat(5_000) }) as Record<string, string>;
  expect(line["title"]).toBe(`${"x".repeat(511)}…`);
  expect(line["detail"]).toHaveLength(2_000);
});

test("an error is its code, message, context and chain of causes, nothing a library hung on it", () => {
  const system = Object.assign(new Error("connect ECONNREFUSED"), {
    code: "ECONNREFUSED",
    headers: { a: TOKEN },
  });
  const error = new AppError("SOURCE_UNREACHABLE", { host: "files.example" }, { cause: system });
  const { lines, logger } = capture();
  logger.error("cache.fill_failed", { error });
  const line = JSON.parse(lines[0] ?? "") as { error: Record<string, unknown> };
  expect(line.error).toEqual({
    name: "AppError",
    code: "SOURCE_UNREACHABLE",
    message: error.message,
    context: { host: "files.example" },
    cause: expect.objectContaining({ code: "ECONNREFUSED", message: "connect ECONNREFUSED" }),
  });
  expect(lines[0]).not.toContain("headers");
});

test("what nobody foresaw is logged with its stack, in lines", () => {
  const line = logged({ error: new TypeError("no such thing") }) as { error: { stack: string[] } };
  expect(line.error.stack[0]).toMatch(/^at .*logger\.test\.ts/u);
});

test("a chain of causes that bites its tail ends", () => {
  const error = new Error("round");
  error.cause = error;
  expect(JSON.stringify(logged({ error })).match(/"message":"round"/gu)).toHaveLength(6);
});

test("odd values are written in some bounded form", () => {
  const loop: Record<string, unknown> = {};
  loop["loop"] = loop;
  expect(
    logged({
      loop,
      big: 10n,
      nan: Number.NaN,
      none: null,
      bytes: new Uint8Array(7),
      url: new URL("https://files.example/a"),
      map: new Map([["a", 1]]),
      call: () => 1,
      many: Array.from({ length: 1_000 }, () => 0),
      polluted: JSON.parse('{"__proto__":{"admin":true}}') as unknown,
    }),
  ).toMatchObject({
    big: "10",
    nan: "NaN",
    none: null,
    bytes: "[7 bytes]",
    url: "https://files.example/a",
    map: { a: 1 },
    many: Array.from({ length: 50 }, () => 0),
  });
  expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
});

test("no secret reaches a line, wherever it hides", () => {
  const { lines, logger } = capture({ secrets: ["hunter2-value", "pass/word"] });
  const signed = "https://rr3---sn-abc.googlevideo.com/videoplayback?expire=1&ip=1.2.3.4&sig=AJfQdSsw";
  const cause = new Error(
    `GET https://discord.com/api/webhooks/1234/aW50ZXJhY3Rpb246/messages Authorization: Bot ${TOKEN}`,
  );
  logger.error("command.run", {
    token: "anything",
    value: "prefix hunter2-value suffix",
    encoded: encodeURIComponent("pass/word"),
    title: `my token is ${TOKEN}`,
    url: "https://discord.com/api/v10/interactions/99/aW50ZXJhY3Rpb246Zm9v/callback",
    media: signed,
    nested: [{ headers: { Cookie: "SID=abc", "set-cookie": ["a=b"] } }],
    detail: `ERROR: ${signed}\nCookie: SID=verysecret; HSID=x\nok`,
    proxy: "http://me:pw@proxy:3128/",
    file: "https://cdn.discordapp.com/attachments/1/2/a.mp3?ex=1&hm=feedbeef",
    error: new AppError("INTERNAL", { reason: `hunter2-value ${TOKEN}` }, { cause }),
    [TOKEN]: 1,
  });
  logger.info("loaded", { [`${"x".repeat(40)}${TOKEN}`]: true });
  const line = lines.join("");
  const leaks = [
    "anything",
    "hunter2",
    "pass%2Fword",
    TOKEN,
    "aW50",
    "AJfQ",
    "1.2.3.4",
    "SID",
    "a=b",
    "me:pw",
    "feedbeef",
  ];
  expect(leaks.filter((leak) => line.includes(leak))).toEqual([]);
  expect(line).toContain("/webhooks/1234/[secret]/messages");
  expect(line).toContain("googlevideo.com/[secret]");
});

test("a secret cut in two by the length limit does not show its first half", () => {
  const line = logged({ title: "x".repeat(505) + TOKEN }) as Record<string, string>;
  expect(line["title"]).not.toContain(TOKEN.slice(0, 5));
});

test("the pretty format is one readable line", () => {
  const { lines, logger } = capture({ format: "pretty" });
  logger.warn("cache.kept", { key: "abc", reason: "playing" });
  expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: cache\.kept \{"key":"abc","reason":"playing"\}\n$/u);
});
