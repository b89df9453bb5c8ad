import type { APIApplicationCommandOption, ApplicationCommandManager } from "discord.js";
import { beforeAll, describe, expect, it } from "vitest";
import { loadCommands } from "../../src/app/load-commands.ts";
import { choice, duration, file, flag, integer, text, thing } from "../../src/command/args.ts";
import { type Command, defineCommand, defineSubcommand } from "../../src/command/define.ts";
import { menuBodies, registerCommands, slashBody } from "../../src/discord/register.ts";

let commands: readonly Command[];

beforeAll(async () => {
  commands = await loadCommands();
});

const sample = defineCommand({
  name: "sample",
  group: "play",
  description: () => "Does nothing",
  args: {
    quiet: flag(() => "Quietly"),
    how: choice(() => "How", ["loud", "soft"]),
    count: integer(() => "How many", { min: 1, max: 9 }),
    what: text(() => "What"),
  },
  action: "play",
  visibility: "public",
  needs: [],
  run: () => Promise.resolve(),
});

const things = defineCommand({
  ...sample,
  name: "things",
  args: {
    whom: thing("user", () => "Whom"),
    as: thing("role", () => "As"),
    text: thing("text channel", () => "Where"),
    voice: thing("voice channel", () => "Where to"),
    song: file(() => "A file"),
    after: duration(() => "When"),
    how: choice(
      () => "How",
      ["on", "off"],
      ({ name }) => ({ on: `${name} on`, off: `${name} off` }),
    ),
  },
  onMessages: [{ name: ({ name }) => `Do it in ${name}`, run: () => Promise.resolve() }],
});

describe("a command as Discord takes it", () => {
  it("lets people pick people, roles, channels, files and labelled choices", () => {
    expect(slashBody(things).options).toMatchObject([
      { name: "whom", type: 6 },
      { name: "as", type: 8 },
      { name: "text", type: 7, channel_types: [0] },
      { name: "voice", type: 7, channel_types: [2, 13] },
      { name: "song", type: 11 },
      { name: "after", type: 3, max_length: 12 },
      {
        name: "how",
        type: 3,
        choices: [
          { name: "English on", value: "on", name_localizations: { de: "Deutsch on" } },
          { name: "English off", value: "off", name_localizations: { de: "Deutsch off" } },
        ],
      },
    ]);
  });

  it("is in the menu of messages where it has something to do with them", () => {
    expect(menuBodies(sample)).toEqual([]);
    expect(menuBodies(things)).toMatchObject([
      { type: 3, name: "Do it in English", name_localizations: { de: "Do it in Deutsch" }, contexts: [0] },
    ]);
  });

  it("has its required options first, with their kinds and limits", () => {
    expect(slashBody(sample).options).toMatchObject([
      { name: "what", type: 3, required: true, max_length: 2000 },
      { name: "quiet", type: 5, required: false },
      { name: "how", type: 3, choices: [{ name: "loud", value: "loud" }, { name: "soft" }] },
      { name: "count", type: 4, required: false, min_value: 1, max_value: 9 },
    ]);
  });

  it("offers suggestions where the argument has some, and there alone", () => {
    const play = commands.find(({ name }) => name === "play")!;
    const suggesting = (slashBody(play).options ?? []).filter(
      (option) => "autocomplete" in option && option.autocomplete,
    );
    expect(suggesting.map(({ name }) => name)).toEqual(["query"]);
    expect(slashBody(sample).options?.[0]).toMatchObject({ autocomplete: false });
  });

  it("has a subcommand for each of its words, its own among them", () => {
    const put = defineSubcommand({
      ...sample,
      description: () => "Puts",
      args: { what: text(() => "What") },
    });
    const body = slashBody({ ...sample, mainWord: "look", subcommands: { put } });
    expect(body.options).toMatchObject([
      { type: 1, name: "look", description: "Does nothing", options: [{ name: "what" }, {}, {}, {}] },
      { type: 1, name: "put", description: "Puts", options: [{ name: "what", type: 3, required: true }] },
    ]);
  });

  it("is described in English, and in every other language for those who speak it", () => {
    const described = commands.flatMap((command) => {
      const { name, options = [], ...body } = slashBody(command);
      return [{ name, ...body }, ...options.flatMap((option) => [option, ...innerOf(option)])];
    });
    expect(described.length).toBeGreaterThan(commands.length);
    for (const { name, description, description_localizations: others } of described) {
      expect({ name, locales: Object.keys(others ?? {}) }).toEqual({ name, locales: ["de"] });
      expect(others?.de).not.toBe(description);
    }
  });

  it("belongs to guilds and is installed in guilds only", () => {
    for (const command of commands)
      expect(slashBody(command)).toMatchObject({ contexts: [0], integration_types: [0] });
  });

  it("is hidden from ordinary members when it deletes, and only then", () => {
    const hidden = commands.filter((command) => slashBody(command).default_member_permissions);
    expect(hidden.map(({ name }) => name)).toEqual(["cache_cleanup", "cache_clear"]);
    expect(hidden.map((command) => slashBody(command).default_member_permissions)).toEqual(["32", "8"]);
  });
});

/** The options of a subcommand. */
function innerOf(option: APIApplicationCommandOption): readonly APIApplicationCommandOption[] {
  return "options" in option ? (option.options ?? []) : [];
}

/** An application that remembers what was set. */
function application(): { manager: ApplicationCommandManager; sets: unknown[]; refuse: boolean } {
  const state = { sets: [] as unknown[], refuse: false };
  const manager = {
    client: { application: { id: "1" } },
    set: async (bodies: unknown) => {
      if (state.refuse) throw new Error("not now");
      state.sets.push(bodies);
    },
  };
  return Object.assign(state, { manager: manager as unknown as ApplicationCommandManager });
}
function memory() {
  const values = new Map<string, string>();
  return {
    get: async (name: string) => values.get(name),
    set: async (name: string, value: string) => void values.set(name, value),
  };
}

describe("registering", () => {
  it("happens once for the same commands, and again for others", async () => {
    const { manager, sets } = application();
    const remembered = memory();
    expect(await registerCommands(manager, commands, remembered)).toBe(true);
    expect(await registerCommands(manager, commands, remembered)).toBe(false);
    expect(await registerCommands(manager, [...commands, sample], remembered)).toBe(true);
    expect(sets).toHaveLength(2);
  });

  it("that failed is tried again", async () => {
    const app = application();
    const remembered = memory();
    app.refuse = true;
    await expect(registerCommands(app.manager, commands, remembered)).rejects.toThrow("not now");
    app.refuse = false;
    expect(await registerCommands(app.manager, commands, remembered)).toBe(true);
  });
});
