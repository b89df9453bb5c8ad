import { beforeAll, describe, expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, measure, onStage, type Room, says } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;
let long: Song;
let next: Song;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
  long = await stage.media.addSong({ title: "Long", durationMs: 14_000 });
  next = await stage.media.addSong({ title: "Next", frequencyHz: 660, durationMs: 4_000 });
});

/** Both songs are cached, so that nothing is waited for. */
beforeAll(async () => {
  const { guild, ann } = furnish(stage);
  for (const song of [long, next]) {
    ann.says("general", `?play ${song.url}`);
    await bot.event("cache.published", { matches: ({ key }) => key === song.id });
  }
  ann.says("general", "?stop");
  await says(stage, guild, "Stopped");
});

/** The long song in the middle, with the other one waiting. */
async function inTheMiddle(): Promise<Room> {
  const room = furnish(stage);
  for (const song of [long, next]) room.ann.says("general", `?play ${song.url}`);
  await hears(stage, room.guild, 350);
  return room;
}

/** The bot ends and begins anew. Tells how much of the long song was heard before, in milliseconds. */
async function restart(signal: "SIGTERM" | "SIGKILL", { guild }: Room): Promise<number> {
  await bot.stop(signal);
  const heardMs = guild.heard.durationMs;
  guild.heard.reset();
  bot = await stage.startBot();
  return heardMs;
}

/** Listens to the rest of the long song. */
async function rest({ guild }: Room): Promise<number> {
  await bot.event("player.finished", { matches: ({ id }) => id === long.id });
  const { durationMs } = guild.heard;
  await bot.event("player.started", { matches: ({ id }) => id === next.id });
  return durationMs;
}

describe("a bot that was ended", () => {
  it("by SIGTERM goes on where it was, then with what waited, and repeats what was to be repeated", async () => {
    const room = await inTheMiddle();
    await answerTo(stage, { ann: room.ann, surface: "prefix", name: "loop", values: { what: "queue" } });
    const beforeMs = await restart("SIGTERM", room);
    const afterMs = await rest(room);
    expect(beforeMs).toBeGreaterThan(6_000);
    // What was on its way when it ended may not have been heard.
    expect(Math.abs(beforeMs + afterMs - long.durationMs)).toBeLessThanOrEqual(200);
    await bot.event("player.started", { count: 2, matches: ({ id }) => id === long.id });
    room.ann.says("general", "?stop");
    await says(stage, room.guild, "Stopped");
  });

  it("by SIGKILL goes on a few seconds before where it was", async () => {
    const room = await inTheMiddle();
    const beforeMs = await restart("SIGKILL", room);
    const afterMs = await rest(room);
    const againMs = beforeMs + afterMs - long.durationMs;
    expect(againMs).toBeGreaterThanOrEqual(-200);
    expect(againMs).toBeLessThanOrEqual(5_000);
    const queue = await answerTo(stage, { ann: room.ann, surface: "prefix", name: "queue" });
    expect(queue).toContain("Next");
    await bot.event("player.finished", { matches: ({ id }) => id === next.id });
  });

  it("keeps a song held that somebody held, as loud as the guild wants it", async () => {
    const room = await inTheMiddle();
    const { guild, ann } = room;
    await answerTo(stage, { ann, surface: "prefix", name: "volume", values: { percent: 25 } });
    ann.says("general", "?pause");
    await says(stage, guild, "Paused");
    await restart("SIGKILL", room);
    await bot.event("player.started", { matches: ({ guildId }) => guildId === guild.id });
    await says(stage, guild, "Paused");
    expect(guild.heard.sounding.length).toBeLessThan(5);
    guild.heard.reset();
    ann.says("general", "?resume");
    await hears(stage, guild, 150);
    const { integratedLufs } = await measure(stage, guild.heard);
    expect(Math.abs(integratedLufs! - -26)).toBeLessThan(1.5);
    ann.says("general", "?stop");
    await says(stage, guild, "Stopped");
  });

  it("begins without a queue that it cannot read, and without those of guilds that it has left", async () => {
    const room = await inTheMiddle();
    await bot.stop("SIGTERM");
    stage.inDatabase((database) => {
      database.prepare("UPDATE queues SET session = '{' WHERE guild_id = ?").run(room.guild.id);
      database.prepare("INSERT INTO queues VALUES ('1', '{}', 0, 1, 1)").run();
    });
    bot = await stage.startBot();
    expect(await bot.event("sessions.unreadable")).toMatchObject({ guildId: room.guild.id });
    expect(await answerTo(stage, { ann: room.ann, surface: "prefix", name: "queue" })).toContain(
      "Nothing is waiting",
    );
    await bot.stop("SIGTERM");
    // What cannot be read stays for another version; what is of no guild any more goes.
    const saved = stage.inDatabase((database) => database.prepare("SELECT guild_id FROM queues").all());
    expect(saved).toEqual([{ guild_id: room.guild.id }]);
  });
});
