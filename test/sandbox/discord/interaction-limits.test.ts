import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../../src/core/clock.ts";
import type { PlainBot } from "./fixtures/run-bot.ts";
import { runPlainBot } from "./fixtures/run-bot.ts";
import type { Guild } from "./guild.ts";
import { ACKNOWLEDGE_WITHIN_MS, TOKEN_LIFE_MS } from "./interaction-desk.ts";
import { startLocalDiscord } from "./local-discord.ts";
import type { LocalDiscord } from "./local-discord.ts";
import type { Person } from "./person.ts";

/** The time of day goes on as it does, and jumps when a test says so. */
class JumpingClock implements Clock {
  jumpedMs = 0;
  nowMs(): number {
    return Date.now() + this.jumpedMs;
  }
  monotonicMs(): number {
    return performance.now() + this.jumpedMs;
  }
}

let clock: JumpingClock;
let discord: LocalDiscord;
let guild: Guild;
let ann: Person;
let bot: PlainBot;
const texts = (): string[] => guild.channel("general").messages.map(({ text }) => text);
const told = (event: string): readonly object[] => bot.told.filter((line) => line.event === event);

beforeEach(async () => {
  clock = new JumpingClock();
  discord = await startLocalDiscord({ clock });
  guild = discord.addGuild({ name: "Attic" });
  ann = guild.addPerson({ name: "Ann" });
  bot = runPlainBot(discord);
  await discord.until(() => told("ready").length, { what: "ready" });
});
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

describe("time limits of interactions", () => {
  test("a first answer after three seconds is refused: Unknown interaction", async () => {
    const started = ann.startsUsing("general", "panel");
    clock.jumpedMs += ACKNOWLEDGE_WITHIN_MS + 1;
    await discord.until(() => told("failed").length, { what: "the refusal" });
    expect(told("failed")).toMatchObject([{ message: "Unknown interaction" }]);
    expect(started.message).toBeUndefined();
  });

  test("after fifteen minutes the token is void", async () => {
    const shown = await ann.uses("general", "panel");
    clock.jumpedMs += TOKEN_LIFE_MS + 1;
    const url = `${discord.env.DISCORD_API_URL}/v10/webhooks/${discord.botId}/${shown.facts.token}/messages/@original`;
    const answer = await fetch(url);
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 50_027 }]);
  });

  test("a bot that does not answer at all is told apart", async () => {
    await bot.stop();
    await expect(ann.uses("general", "panel")).rejects.toThrow("did not respond to /panel in time");
  });
});

test("a rate limit is waited out by the library", async () => {
  discord.rest.failNext({ method: "POST", path: /\/messages$/u, status: 429, retryAfterMs: 20 });
  ann.says("general", "?echo patience");
  await discord.until(() => texts().includes("Echo: patience"), { what: "the second try" });
  const posts = discord.rest.requests.filter(
    ({ operation }) => operation === "POST /channels/{channel_id}/messages",
  );
  expect(posts.map(({ status }) => status)).toEqual([429, 200]);
});

test("messages of other bots and files reach the bot as such", async () => {
  const other = guild.addPerson({ name: "Other", isBot: true });
  other.says("general", "?echo never");
  const files = [{ filename: "song.ogg", contentType: "audio/ogg", data: Buffer.from("OggS") }];
  const sent = ann.says("general", "listen to this", { files });
  await discord.until(() => told("message").length, { what: "Ann's message" });
  expect(told("message")).toMatchObject([{ from: "ann", files: [sent.attachments[0]?.url] }]);
});
