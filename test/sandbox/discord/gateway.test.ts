import { describe, expect, test } from "vitest";
import { runPlainBot } from "./fixtures/run-bot.ts";
import type { PlainBot, Told } from "./fixtures/run-bot.ts";
import type { Guild } from "./guild.ts";
import { startLocalDiscord } from "./local-discord.ts";
import type { LocalDiscord, LocalDiscordOptions } from "./local-discord.ts";
import type { Person } from "./person.ts";

interface Scene extends AsyncDisposable {
  readonly discord: LocalDiscord;
  readonly guild: Guild;
  readonly ann: Person;
  readonly bot: PlainBot;
  readonly hears: (event: string, count?: number) => Promise<Told>;
}

/** A guild with Ann in it, and a bot that was started. */
async function scene(options: LocalDiscordOptions = {}, env: Record<string, string> = {}): Promise<Scene> {
  const discord = await startLocalDiscord(options);
  const guild = discord.addGuild({ name: "Attic" });
  const ann = guild.addPerson({ name: "Ann" });
  const bot = runPlainBot(discord, env);
  const hears = async (event: string, count = 1): Promise<Told> =>
    await discord.until(() => bot.told.filter((line) => line.event === event)[count - 1], {
      what: `the bot tells "${event}" ${count} times; it told ${JSON.stringify(bot.told)} ${bot.complaints()}`,
    });
  const stop = async (): Promise<void> => {
    await bot.stop();
    await discord.close();
  };
  return { discord, guild, ann, bot, hears, [Symbol.asyncDispose]: stop };
}

describe("logging in", () => {
  test("the bot knows its guilds, but of the people only itself and those in voice", async () => {
    await using stage = await scene();
    stage.guild.addPerson({ name: "Bob" }).joinVoice("Lounge");
    expect(await stage.hears("ready")).toMatchObject({ guilds: 1, members: [2] });
    expect(stage.discord.botIsOnline).toBe(true);
    stage.discord.addGuild({ name: "Cellar" });
    expect(await stage.hears("guild")).toMatchObject({ name: "Cellar" });
    expect(stage.discord.violations).toEqual([]);
  });

  test("a wrong token is refused", async () => {
    await using stage = await scene({}, { DISCORD_TOKEN: `${Buffer.from("1").toString("base64url")}.no.no` });
    expect(await stage.hears("login.failed")).toMatchObject({ message: "An invalid token was provided." });
  });

  test("the message content intent needs the portal's switch: 4014", async () => {
    await using stage = await scene({ portal: { messageContent: false } });
    expect(await stage.hears("login.failed")).toMatchObject({ message: "Used disallowed intents" });
  });
});

describe("message content", () => {
  test("comes with the intent", async () => {
    await using stage = await scene();
    await stage.hears("ready");
    stage.ann.says("general", "hello");
    expect(await stage.hears("message")).toMatchObject({ content: "hello", from: "ann" });
  });

  test("without the intent comes only in direct messages, with a mention, or in a reply to the bot", async () => {
    await using stage = await scene({ portal: { messageContent: false } }, { INTENTS: "none" });
    await stage.hears("ready");
    stage.ann.says("general", "hello");
    expect(await stage.hears("message", 1)).toMatchObject({ content: "", dm: false });
    stage.ann.says("general", `<@${stage.discord.botId}> hello`);
    expect(await stage.hears("message", 2)).toMatchObject({ content: `<@${stage.discord.botId}> hello` });
    stage.ann.whispers("?echo hello");
    expect(await stage.hears("message", 3)).toMatchObject({ content: "?echo hello", dm: true });
    const panel = await stage.ann.uses("general", "panel");
    stage.ann.says("general", "nice", { replyTo: panel.message! });
    expect(await stage.hears("message", 4)).toMatchObject({ content: "nice" });
    expect(stage.discord.violations).toEqual([]);
  });
});

describe("the connection", () => {
  test("after opcode 7 the bot resumes and gets what it missed", async () => {
    await using stage = await scene();
    await stage.hears("ready");
    stage.discord.gateway.askToReconnect();
    stage.ann.says("general", "while you were away");
    expect(await stage.hears("message")).toMatchObject({ content: "while you were away" });
    await stage.hears("resumed");
    expect(stage.discord.gateway.counts).toEqual({ identified: 1, resumed: 1 });
  });

  test("after a session is void the bot begins anew", async () => {
    await using stage = await scene();
    await stage.hears("ready");
    stage.discord.gateway.invalidateSessions();
    // The library waits a few seconds before it identifies again, as Discord asks.
    await stage.discord.until(() => stage.discord.gateway.counts.identified === 2, {
      what: "a new session",
      timeoutMs: 20_000,
    });
    await stage.discord.until(() => stage.discord.botIsOnline, { what: "READY" });
    stage.ann.says("general", "hello again");
    expect(await stage.hears("message")).toMatchObject({ content: "hello again" });
    expect(stage.discord.gateway.counts.resumed).toBe(0);
  });

  test("after the socket breaks the bot resumes", async () => {
    await using stage = await scene();
    await stage.hears("ready");
    stage.discord.gateway.disconnect(4000);
    stage.ann.says("general", "while you were away");
    expect(await stage.hears("message")).toMatchObject({ content: "while you were away" });
    await stage.hears("resumed");
    expect(stage.discord.gateway.counts).toEqual({ identified: 1, resumed: 1 });
  });

  test("a recommended number of shards is taken, and each guild's events reach its own shard", async () => {
    await using stage = await scene({ shards: 2 }, { SHARDS: "auto" });
    const guilds = ["A", "B", "C", "D"].map((name) => stage.discord.addGuild({ name }));
    await stage.hears("ready");
    expect(stage.discord.gateway.online).toHaveLength(2);
    for (const guild of guilds) guild.addPerson({ name: "Ann" }).says("general", guild.name);
    await stage.hears("message", 4);
    const shardOf = new Map(stage.bot.told.map(({ content, shard }) => [content, shard]));
    // Discord's formula for the shard of a guild.
    for (const { name, id } of guilds) expect(shardOf.get(name)).toBe(Number((BigInt(id) >> 22n) % 2n));
    expect(new Set(guilds.map(({ name }) => shardOf.get(name)))).toEqual(new Set([0, 1]));
  });
});
