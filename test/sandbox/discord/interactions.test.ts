import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlainBot } from "./fixtures/run-bot.ts";
import { runPlainBot } from "./fixtures/run-bot.ts";
import type { Guild } from "./guild.ts";
import { startLocalDiscord } from "./local-discord.ts";
import type { LocalDiscord } from "./local-discord.ts";
import { OpenApiCheck } from "./openapi.ts";
import type { Person } from "./person.ts";

// One bot made of the unmodified discord.js, in its own process, for all tests of this file.
let discord: LocalDiscord;
let bot: PlainBot;
let guild: Guild;
let ann: Person;

const told = (event: string): readonly object[] => bot.told.filter((line) => line.event === event);
const texts = (): string[] => guild.channel("general").messages.map(({ text }) => text);
const posts = (body: object): unknown => ann.says("general", `?post ${JSON.stringify(body)}`);

beforeAll(async () => {
  discord = await startLocalDiscord();
  guild = discord.addGuild({ name: "Attic", text: ["general", { name: "quiet", denyBot: 1n << 11n }] });
  ann = guild.addPerson({ name: "Ann" });
  bot = runPlainBot(discord);
  await discord.until(() => told("ready").length, { what: "the bot is ready" });
});
afterAll(async () => {
  await bot.stop();
  await discord.close();
});

describe("a slash command", () => {
  test("is registered, answered publicly, and the time of the answer is known", async () => {
    expect(discord.registeredCommands().map(({ name }) => name)).toContain("panel");
    const shown = await ann.uses("general", "panel");
    expect(shown.text).toBe("## Panel");
    expect(shown.ephemeral).toBe(false);
    expect(shown.deferred).toBe(false);
    expect(shown.acknowledgedAfterMs).toBeGreaterThan(0);
    expect(guild.channel("general").messages).toContain(shown.message);
  });

  test("cannot be sent with options the client would not send", async () => {
    await expect(ann.uses("general", "nothing")).rejects.toThrow('No command "nothing"');
    await expect(ann.uses("general", "play")).rejects.toThrow('"query" is required');
    await expect(ann.uses("general", "play", { query: 5 })).rejects.toThrow("must be a String");
    await expect(ann.uses("general", "play", { query: "x", volume: 5 })).rejects.toThrow(
      'no option "volume"',
    );
  });

  test("is hidden from people without its permission", async () => {
    await expect(ann.uses("general", "clear")).rejects.toThrow("does not see");
    const admin = guild.addPerson({ name: "Ada", permissions: "administrator" });
    expect((await admin.uses("general", "clear")).text).toBe("Once");
  });

  test("deferred for one person is thinking first, then shows components, then a follow-up", async () => {
    const shown = await ann.uses("general", "slow");
    expect(shown.deferred).toBe(true);
    expect(shown.ephemeral).toBe(true);
    await discord.until(() => shown.followUps.length, { what: "the follow-up" });
    expect(shown.messageHistory).toHaveLength(2);
    expect(shown.text).toBe("## Thought");
    expect(shown.followUps[0]?.text).toBe("And another thing");
    const bob = guild.addPerson({ name: "Bob" });
    await expect(bob.presses(shown, "Next")).rejects.toThrow("cannot see");
  });

  test("answered twice is refused with 40060", async () => {
    const before = told("refused").length;
    const shown = await guild
      .addPerson({ name: "Al", permissions: "administrator" })
      .uses("general", "twice");
    await discord.until(() => told("refused").length > before, { what: "the refusal" });
    expect(told("refused").at(-1)).toMatchObject({ code: 40_060 });
    expect(shown.text).toBe("Once");
  });

  test("suggests values while it is typed", async () => {
    const choices = await ann.types("general", "play", { query: "af" });
    expect(choices).toEqual([
      { name: "af one", value: "1" },
      { name: "af two", value: "2" },
    ]);
  });

  test("is given people, roles, channels and files as options, and knows them", async () => {
    const dj = guild.giveRole("DJ", ann);
    const what = { filename: "song.txt", contentType: "text/plain", data: Buffer.from("la la") };
    const values = { who: ann.id, as: dj.id, where: guild.channel("quiet").id, what };
    const answer = await ann.uses("general", "show", values);
    expect(answer.text).toBe("ann has DJ in quiet: song.txt la la");
    await expect(ann.uses("general", "show", { ...values, what: "song.txt" })).rejects.toThrow(
      "must be a Attachment",
    );
    await expect(ann.uses("general", "show", { ...values, as: "1" })).rejects.toThrow("no role 1");
  });

  test("is found in the menu of a message", async () => {
    const message = ann.says("general", "play me");
    expect((await ann.usesOn(message, "Repeat")).text).toBe("Again: play me");
  });

  test("can send a file that people can open", async () => {
    const [picture] = (await ann.uses("general", "picture")).message!.attachments;
    expect(picture).toMatchObject({ filename: "chart.png", description: "A chart" });
    expect(await (await fetch(picture!.url)).text()).toBe("pixels");
  });
});

describe("components", () => {
  test("a button changes its message, and a disabled or missing one cannot be pressed", async () => {
    const shown = await ann.uses("general", "panel");
    const pressed = await ann.presses(shown, "Next");
    expect(pressed.message).toBe(shown.message);
    expect(shown.text).toBe("## Panel, page 2");
    await expect(ann.presses(shown, "Off")).rejects.toThrow("disabled");
    await expect(ann.presses(shown, "On")).rejects.toThrow("there are: Open form, Off, Next");
  });

  test("a menu is chosen from by its labels", async () => {
    const shown = await ann.uses("general", "panel");
    const chosen = await ann.selects(shown, ["Second"]);
    expect(chosen.deferred).toBe(true);
    await discord.until(() => shown.text === "## Chosen 2", { what: "the choice shows" });
  });

  test("a button opens a form, and what is typed arrives", async () => {
    const opened = await ann.presses(await ann.uses("general", "panel"), "Open form");
    expect(opened.modal?.title).toBe("Delete everything?");
    await expect(ann.submitsModal(opened, {})).rejects.toThrow('"Number of tracks" is required');
    await expect(ann.submitsModal(opened, { "Number of tracks": "123456789" })).rejects.toThrow("1 to 8");
    const answer = await ann.submitsModal(opened, { "Number of tracks": "1284" });
    expect(answer.text).toBe("You typed 1284");
    expect(answer.ephemeral).toBe(true);
  });
});

describe("messages", () => {
  test("the bot reads and answers; edits and deletions are kept track of", async () => {
    ann.says("general", "?edit Second");
    const tooLate = await discord.until(
      () => told("refused").find((line) => "code" in line && line.code === 10_008),
      { what: "an edit of a deleted message is refused" },
    );
    expect(tooLate).toBeDefined();
    expect(guild.channel("general").messages.map(({ text }) => text)).not.toContain("Second");
  });

  test("the bot may not write where it lacks the permission", async () => {
    ann.says("quiet", "?echo hello");
    await discord.until(() => discord.refusals.some(({ code }) => code === 50_013), {
      what: "Missing Permissions",
    });
    expect(guild.channel("quiet").messages.some(({ author }) => author.isBot)).toBe(false);
  });

  test("a request can be made to fail on purpose", async () => {
    discord.rest.failNext({ method: "POST", path: /\/messages$/u, status: 403, code: 50_001 });
    const before = told("failed").length;
    ann.says("general", "?echo lost");
    await discord.until(() => told("failed").length > before, { what: "the failure" });
    ann.says("general", "?echo found");
    await discord.until(() => texts().includes("Echo: found"), { what: "the next one" });
    expect(texts()).not.toContain("Echo: lost");
  });
});

describe("violations", () => {
  test("nothing above was one", () => {
    expect(discord.violations).toEqual([]);
  });

  test("and the answers to all of it had the shape Discord describes", () => {
    const openApi = OpenApiCheck.shared();
    const problems = discord.rest.requests.flatMap(({ operation, status, answer }) =>
      operation === undefined
        ? []
        : openApi.answerProblems(operation, status, answer).map((text) => `${operation} ${text}`),
    );
    expect(problems).toEqual([]);
    expect(discord.rest.requests.length).toBeGreaterThan(20);
  });

  test.each([
    ["a body of the wrong type", { content: 5 }, "/content: must be"],
    [
      "text beside components of version 2",
      { content: "x", flags: 1 << 15, components: [{ type: 10, content: "x" }] },
      "content: cannot be used",
    ],
    [
      "a custom id that is too long",
      {
        content: "x",
        components: [
          { type: 1, components: [{ type: 2, style: 1, label: "a", custom_id: "x".repeat(101) }] },
        ],
      },
      "custom_id",
    ],
  ])("%s is refused with 50035 and written down", async (_what, body, problem) => {
    const before = discord.violations.length;
    posts(body);
    await discord.until(() => discord.violations.length > before, { what: "the violation" });
    expect(discord.violations.at(-1)).toMatchObject({
      method: "POST",
      problem: expect.stringContaining(problem) as string,
    });
    await discord.until(() => (told("refused").at(-1) as { code: number }).code === 50_035, {
      what: "the refusal",
    });
  });

  test("an answer that does not fit the interaction is refused, and a right one still works", async () => {
    const shown = await ann.uses("general", "wrong");
    expect(shown.text).toBe("Right");
    expect(discord.violations.at(-1)?.problem).toBe("type: 7 needs a message with components");
  });

  test("an unknown route is 404 and written down", async () => {
    ann.says("general", "?lost");
    const found = await discord.until(
      () => discord.violations.find(({ problem }) => problem === "unknown route"),
      {
        what: "the violation",
      },
    );
    expect(found).toMatchObject({ method: "GET", route: "/no/such/route" });
  });
});
