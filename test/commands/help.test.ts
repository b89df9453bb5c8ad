import { beforeEach, describe, expect, it } from "vitest";
import { command as help } from "../../commands/help.ts";
import { loadCommands } from "../../src/app/load-commands.ts";
import { integer } from "../../src/command/args.ts";
import { splitLine } from "../../src/command/split-line.ts";
import { type Command, defineCommand, variantsOf } from "../../src/command/define.ts";
import { dispatch, dispatchPress } from "../../src/command/dispatch.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import { Desk } from "../fakes/command-context.ts";

/** Below Discord's 4,000 characters, where a panel would be cut. */
const MAX_PANEL = 3_500;

const commands = (await loadCommands()).flatMap(variantsOf);
let desk: Desk;

beforeEach(() => {
  desk = new Desk({ commands });
});

const deps = () => ({ log: desk.bench.log, newReference: () => "ref" });
const asks = (line = ""): Promise<void> =>
  dispatch(deps(), help, splitLine(help.args, line), desk.context({ surface: "prefix" }));
const chooses = (input: string): Promise<void> =>
  dispatchPress(
    deps(),
    help,
    { name: "page", payload: "", input, fields: {} },
    desk.context({ surface: "button" }),
  );

describe("help", () => {
  it("names every command under its subject, and offers the subjects", async () => {
    await asks();
    // What a command has beside itself stands on the page of its subject.
    for (const { name } of commands) expect(desk.text.includes(`\`${name}\``)).toBe(!name.includes(" "));
    expect(desk.last.lines).toContain("**Sound**");
    expect(desk.last.lines).not.toContain("****");
    expect(desk.last.footer).toBe("Each works as /name and as ?name. More about one: ?help play");
    expect(desk.last.menu?.options.map(({ label }) => label)).toContain("Queue");
  });

  it("knows of no prefix where there is none", async () => {
    desk = new Desk({ commands, prefix: undefined });
    await asks("skip");
    expect(desk.last).toMatchObject({
      title: "/skip",
      lines: expect.arrayContaining(["`/skip [to NUMBER]`"]),
    });
    expect(desk.last.footer).toBeUndefined();
    await asks();
    expect(desk.last.footer).toBe("Slash commands only. More about one: /help play");
  });

  it("shows the chosen subject, and marks it in the list", async () => {
    await chooses("1");
    expect(desk.last.title).toBe("Queue");
    expect(desk.last.lines).toContain("`?queue [page NUMBER]` — Show what is playing and what comes next");
    expect(desk.last.menu?.options.map(({ isChosen }) => isChosen)).toEqual(
      desk.last.menu?.options.map(({ value }) => value === "1"),
    );
  });

  it.each(["", "-1", "999", "constructor"])("shows the first subject for the choice %j", async (input) => {
    await chooses(input);
    expect(desk.last.title).toBe("Playing");
  });

  it.each(["skip", "s", "?skip", "/SKIP"])("tells all about one command by %j", async (asked) => {
    await asks(asked);
    expect(desk.last).toMatchObject({
      title: "?skip",
      lines: [
        "Skip the song that is playing, or go on with a song of the queue",
        "`?skip [to NUMBER]`",
        expect.stringContaining("- `to` — "),
      ],
      footer: "Also typed as `?s`, `?next`",
    });
  });

  it("tells what a command has below it, and all about that", async () => {
    await asks("cache");
    expect(desk.text).toContain("`?cache pin <song>` — ");
    await asks("cache   pin");
    expect(desk.last).toMatchObject({
      title: "?cache pin",
      lines: [expect.any(String), "`?cache pin <song>`", expect.any(String)],
    });
  });

  it.each(["cache_clearly", "@everyone", "toString", "?"])("knows no command %j", async (asked) => {
    await asks(asked);
    expect(desk.last.lines).toEqual([LANGUAGES.en.errors.NO_SUCH_COMMAND]);
  });
});

describe.each(Object.entries(LANGUAGES))("help in %s", (_code, texts) => {
  it("fits into messages, each command on one page of its subject", async () => {
    const argument = integer(() => "x".repeat(100), { min: 0, max: 1 });
    const names = Array.from({ length: 50 }, (_name, index) => `command_with_a_long_name_${index}`);
    const many = names.map((name): Command =>
      defineCommand({
        name,
        group: "queue",
        description: () => "y".repeat(100),
        args: { first_argument: argument, second_argument: argument },
        action: "view",
        visibility: "private",
        needs: [],
        run: () => Promise.resolve(),
      }),
    );
    desk = new Desk({ commands: [...commands, ...many] }, texts);
    await asks();
    expect(desk.text.length).toBeLessThanOrEqual(MAX_PANEL);
    const options = desk.last.menu?.options ?? [];
    expect(options.length).toBeLessThanOrEqual(25);
    expect(new Set(options.map(({ label }) => label)).size).toBe(options.length);
    const shown: string[] = [];
    for (const { label, value } of options) {
      await chooses(value);
      expect(desk.last.title).toBe(label);
      expect(desk.text.length).toBeLessThanOrEqual(MAX_PANEL);
      shown.push(...desk.last.lines);
    }
    expect(shown).toHaveLength(commands.length + many.length);
    expect(new Set(shown).size).toBe(shown.length);
  });

  it("tells all about every command", async () => {
    desk = new Desk({ commands }, texts);
    for (const { name, description, args } of commands) {
      await asks(name);
      expect(desk.last.title).toBe(`?${name}`);
      expect(desk.last.lines[0]).toBe(description(texts));
      for (const { description: about } of Object.values(args)) expect(desk.text).toContain(about(texts));
      expect(desk.text.length).toBeLessThanOrEqual(MAX_PANEL);
    }
  });
});
