import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BotProcess } from "../sandbox/bot-process.ts";
import { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, says, written } from "./actions.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.set();
});
afterEach(() => stage[Symbol.asyncDispose]());

const registrations = (): number =>
  stage.discord.rest.requests.filter(({ method, path }) => method === "PUT" && path.endsWith("/commands"))
    .length;

describe("the commands", () => {
  it("are registered when they changed, and only then", async () => {
    const first = await stage.startBot();
    expect(await first.event("ready")).toMatchObject({ commandsRegistered: true });
    expect(registrations()).toBe(1);
    expect(stage.discord.registeredCommands().map(({ name }) => name)).toContain("cache_cleanup");
    await first.stop();

    const second = await stage.startBot();
    expect(await second.event("ready")).toMatchObject({ commandsRegistered: false });
    expect(registrations()).toBe(1);
    await second.stop();

    stage.inDatabase((database) =>
      database.prepare("update settings set value = 'other' where name like 'commands.%'").run(),
    );
    await stage.startBot();
    expect(registrations()).toBe(2);
  });

  it("that Discord will not take do not keep the bot from playing", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "Anyway", durationMs: 2000 });
    stage.discord.rest.failNext({ method: "PUT", path: /\/commands$/u, status: 400, code: 50_035 });
    const bot = await stage.startBot();
    expect(bot.named("discord.commands_not_registered")).toHaveLength(1);
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild);
    await bot.stop();
    await stage.startBot();
    expect(registrations()).toBe(2);
  });
});

describe("the Message Content intent", () => {
  beforeEach(async () => {
    await stage[Symbol.asyncDispose]();
    stage = await Stage.set({ discord: { portal: { messageContent: false } } });
  });

  it("switched off: the bot names the switch and ends with 5", async () => {
    await using bot = BotProcess.launch({ env: stage.botEnv });
    expect(await bot.exit()).toBe(5);
    expect(bot.stderr).toMatch(/Message Content Intent.*PREFIX_COMMANDS=false/u);
    expect(bot.stderr).not.toMatch(/\n\s+at /u);
  });

  it("not needed with PREFIX_COMMANDS=false: slash commands and mentions work, the prefix does not", async () => {
    const { guild, ann } = furnish(stage);
    await stage.startBot({ PREFIX_COMMANDS: "false" });
    ann.says("general", "?help");
    ann.says("general", `<@${stage.discord.botId}> help`);
    await says(stage, guild, "Slash commands only.");
    expect(written(stage, guild)).toHaveLength(1);
    expect(await answerTo(stage, { ann, surface: "slash", name: "help" })).toContain("`play`");
  });
});

describe("the token", () => {
  it("refused by Discord: the bot says how to get another one and ends with 5", async () => {
    const [id = ""] = stage.discord.env.DISCORD_TOKEN.split(".");
    const wrong = `${id}.wrong-.${"wrong".repeat(6)}`;
    await using bot = BotProcess.launch({ env: { ...stage.botEnv, DISCORD_TOKEN: wrong } });
    expect(await bot.exit()).toBe(5);
    expect(bot.stderr).toMatch(/^Discord refuses the token\. .*Reset Token/u);
    expect(JSON.stringify(bot.events) + bot.stderr).not.toContain(wrong);
  });

  it("refused while the bot runs: it ends with 5 as well", async () => {
    const bot = await stage.startBot();
    stage.discord.gateway.disconnect(4004);
    expect(await bot.exit()).toBe(5);
    expect(bot.stderr).toContain("Discord refuses the token.");
  });
});

describe("a connection to Discord that breaks", () => {
  it("comes back, and the song goes on meanwhile", async () => {
    const { guild, ann } = furnish(stage);
    const song = await stage.media.addSong({ title: "Through it", durationMs: 4000 });
    const bot = await stage.startBot();
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild);
    stage.discord.gateway.disconnect(1001);
    await stage.discord.until(() => stage.discord.gateway.counts.resumed > 0, { what: "the bot resumes" });
    await bot.event("player.finished");
    expect(guild.heard.lost).toBe(0);
    expect(await answerTo(stage, { ann, surface: "prefix", name: "help" })).toContain("Commands");
  });
});
