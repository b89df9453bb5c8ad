import { beforeEach, describe, expect, it } from "vitest";
import { flag, text } from "../../src/command/args.ts";
import type { CommandContext } from "../../src/command/context.ts";
import { type Command, defineCommand } from "../../src/command/define.ts";
import { countMiss, dispatch, dispatchOnMessage, dispatchPress } from "../../src/command/dispatch.ts";
import { inVoice, playing } from "../../src/command/preconditions.ts";
import { AppError } from "../../src/core/errors.ts";
import { Cooldowns, PACES } from "../../src/policy/cooldown.ts";
import { Desk } from "../fakes/command-context.ts";
import { ATTIC } from "../player/set-up.ts";
import { BOB } from "../fakes/people.ts";

let desk: Desk;
let references: number;
let ran: unknown[];

beforeEach(() => {
  [desk, references, ran] = [new Desk(), 0, []];
});

const command = (more: Partial<Command> = {}): Command => ({
  ...defineCommand({
    name: "echo",
    group: "play",
    description: () => "Says it again",
    args: { words: text(() => "What"), loud: flag(() => "Louder") },
    action: "cache.clean",
    visibility: "public",
    needs: [],
    run: async (_context, values) => void ran.push(values),
    presses: { again: async (_context, press) => void ran.push(press) },
  }),
  ...more,
});
const deps = () => ({ log: desk.bench.log, newReference: () => `ref${(references += 1)}` });
const run = (what: Command, more: Partial<CommandContext> = {}, words = "hello"): Promise<void> =>
  dispatch(deps(), what, new Map([["words", words]]), desk.context(more));
const press = (name: string, more: Partial<CommandContext> = {}): Promise<void> =>
  dispatchPress(
    deps(),
    command(),
    { name, payload: "p", input: "v", fields: { f: "i" } },
    desk.context(more),
  );
const member = {
  actor: BOB,
} as const;

const failing = (error: unknown): Command =>
  command({
    run: async () => {
      throw error;
    },
  });

describe("a command", () => {
  it("runs with its decoded arguments and is logged", async () => {
    await run(command());
    expect(ran).toEqual([{ words: "hello", loud: false }]);
    expect(desk.bench.log.named("command.run")).toEqual([
      { command: "echo", surface: "slash", guildId: "guild", outcome: "ok", ms: 0 },
    ]);
  });

  it("does not run without the right, whatever else is wrong", async () => {
    await run(command({ needs: [() => new AppError("NOT_IN_VOICE")] }), member, "");
    expect(ran).toEqual([]);
    expect(desk.answers).toEqual([
      {
        how: "reply",
        panel: { tone: "error", lines: ["Only the owner of this bot may do that."] },
        private: true,
      },
    ]);
  });

  it("does not run when something is missing, and says how it is used on the surface at hand", async () => {
    await run(command(), {}, " ");
    await run(command(), { surface: "prefix" }, " ");
    expect(desk.answers.map(({ panel }) => panel.lines)).toEqual([
      ["words is missing. Usage: /echo <words> [--loud]"],
      ["words is missing. Usage: ?echo <words> [--loud]"],
    ]);
  });
});

describe("a failure", () => {
  it("of the person's is shown and not made much of", async () => {
    await run(failing(new AppError("NOTHING_FOUND")));
    expect(desk.last).toEqual({
      tone: "error",
      lines: ["Nothing was found for that. Try other words or a link."],
    });
    expect(desk.bench.log.events).toMatchObject([{ level: "info", fields: { outcome: "NOTHING_FOUND" } }]);
  });

  it("from outside is shown in short, with a reference to the log", async () => {
    const error = new AppError("EXTRACTOR_BROKEN", { detail: "Traceback (most recent call last)" });
    await run(failing(error));
    expect(desk.last).toMatchObject({ footer: "ref ref1" });
    expect(desk.text).not.toContain("Traceback");
    expect(desk.bench.log.events).toMatchObject([{ level: "warn", fields: { reference: "ref1", error } }]);
  });

  it("of ours is shown as a reference and logged whole", async () => {
    const bug = new TypeError("secret internals");
    await run(failing(bug));
    expect(desk.last).toEqual({
      tone: "error",
      lines: ["Something went wrong on my side. Nothing was changed."],
      footer: "ref ref1",
    });
    expect(desk.bench.log.events).toMatchObject([
      { level: "error", fields: { outcome: "INTERNAL", error: { cause: bug } } },
    ]);
  });

  it("to answer is logged and goes no further", async () => {
    const mute = { reply: () => Promise.reject(new Error("Unknown interaction")) };
    await expect(run(failing(new AppError("NOTHING_FOUND")), mute)).resolves.toBeUndefined();
    expect(desk.bench.log.named("command.unanswered")).toHaveLength(1);
  });
});

describe("a button", () => {
  it("does what it says, with the command's own rights", async () => {
    await press("again");
    expect(ran).toEqual([{ name: "again", payload: "p", input: "v", fields: { f: "i" } }]);
    await press("again", member);
    expect(ran).toHaveLength(1);
    expect(desk.text).toContain("Only the owner");
  });

  it.each(["gone", "constructor", "toString", "__proto__"])(
    "that leads nowhere (%s) has expired",
    async (name) => {
      await press(name);
      expect(ran).toEqual([]);
      expect(desk.text).toContain("no longer valid");
    },
  );
});

const tries = async (times: number, surface: CommandContext["surface"]): Promise<void> => {
  for (let number = 0; number < times; number += 1) await run(command(), { surface });
};

describe("whoever is too fast", () => {
  it.each([
    ["prefix", 1],
    ["slash", 5],
  ] as const)("on %s is told so %i time(s), and nothing runs", async (surface, told) => {
    desk = new Desk({ cooldowns: new Cooldowns(() => 0) });
    await tries(PACES.command.person.burst, surface);
    expect(desk.answers).toEqual([]);
    await tries(5, surface);
    expect(ran).toHaveLength(PACES.command.person.burst);
    expect(desk.answers.map(({ panel }) => panel.lines)).toEqual(
      Array.from({ length: told }, () => ["That is too much at once. Try again in 1 s."]),
    );
  });

  it("to fetch songs is stopped before, and may do everything else", async () => {
    desk = new Desk({ cooldowns: new Cooldowns(() => 0) });
    const fetching = command({ run: async (context) => countMiss(context) });
    for (let number = 0; number <= PACES.miss.person.burst; number += 1) await run(fetching);
    expect(desk.answers.map(({ panel }) => panel.lines)).toEqual([
      ["That is too much at once. Try again in 6 s."],
    ]);
    await run(command());
    expect(ran).toHaveLength(1);
  });
});

describe("a control that lies open in the channel", () => {
  const elsewhere = { surface: "button", voiceChannel: undefined } as const;

  it.each(["play", "song.control", "queue.control"] as const)(
    "for %s is for those who hear the music",
    async (action) => {
      await run(command({ action }), elsewhere);
      expect(desk.answers).toMatchObject([
        { panel: { lines: ["You are not in a voice channel. Join one, then try again."] }, private: true },
      ]);
      await run(command({ action }), { surface: "button" });
      await run(command({ action }), { ...elsewhere, surface: "slash" });
      expect(ran).toHaveLength(2);
    },
  );

  it("that only shows something is for everybody", async () => {
    await run(command({ action: "view" }), elsewhere);
    expect(ran).toHaveLength(1);
  });
});

describe("what is done with a message", () => {
  const action = {
    name: () => "Echo this",
    run: async (_context: CommandContext, message: unknown) => void ran.push(message),
  };
  const message = { text: "hello", files: [] };

  it("is done with the rights and under the conditions of its command", async () => {
    await dispatchOnMessage(deps(), command(), { action, message }, desk.context());
    expect(ran).toEqual([message]);
    await dispatchOnMessage(deps(), command(), { action, message }, desk.context(member));
    const late = command({ needs: [() => new AppError("NOT_IN_VOICE")] });
    await dispatchOnMessage(deps(), late, { action, message }, desk.context());
    expect(ran).toHaveLength(1);
    expect(desk.answers.map(({ panel }) => panel.lines[0])).toEqual([
      "Only the owner of this bot may do that.",
      "You are not in a voice channel. Join one, then try again.",
    ]);
  });
});

describe("a precondition", () => {
  it("wants people in a voice channel, and in the bot's when it is in one", () => {
    expect(inVoice(desk.context({ voiceChannel: undefined }))?.code).toBe("NOT_IN_VOICE");
    expect(inVoice(desk.context())).toBeUndefined();
    const session = { channel: ATTIC } as CommandContext["session"];
    expect(inVoice(desk.context({ session }))?.message).toBe(
      "I am playing in <#attic>. Join me there, then try again.",
    );
    expect(inVoice(desk.context({ session, voiceChannel: ATTIC }))).toBeUndefined();
  });

  it("wants a song", () => {
    expect(playing(desk.context())?.code).toBe("NOTHING_PLAYING");
    for (const status of ["loading", "playing", "paused"])
      expect(
        playing(desk.context({ session: { state: { status } } as CommandContext["session"] })),
      ).toBeUndefined();
  });
});
