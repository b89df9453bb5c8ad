import { expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, measure, onStage, type Room } from "./actions.ts";

const PROFILES = { standard: -14, night: -20, raw: -11 } as const;

let stage: Stage;
let bot: BotProcess;
let rooms: readonly (Room & { readonly admin: Person; readonly name: keyof typeof PROFILES })[];

onStage(async (ready) => {
  stage = ready;
  // The bot learns who may do what when it meets a guild.
  rooms = (["standard", "night", "raw"] as const).map((name) => {
    const room = furnish(stage, { name: `Hears ${name}` });
    return { ...room, name, admin: room.guild.addPerson({ name: "Adam", permissions: "administrator" }) };
  });
  bot = await stage.startBot({ CACHE_KEEP_SOURCE: "true" });
});

it("three guilds hear one song in three profiles, and it is fetched once", async () => {
  const song = await stage.media.addSong({ title: "Lullaby", loudnessLufs: -11, durationMs: 4000 });
  const requests: number[] = [];
  for (const { guild, ann, admin, name } of rooms) {
    const choose = { ann: admin, surface: "prefix", name: "profile", values: { name } } as const;
    expect(await answerTo(stage, choose)).toContain(name);
    ann.says("general", `?play ${song.url}`);
    await bot.event("player.finished", { matches: ({ guildId }) => guildId === guild.id });
    expect((await measure(stage, guild.heard)).integratedLufs).toBeCloseTo(PROFILES[name], 0);
    requests.push(stage.media.counters(song.id).requests);
  }
  expect(new Set(requests)).toEqual(new Set([requests[0]]));
  const folders = (await stage.cachedFiles()).map((file) => file.split("-")[0]);
  expect(new Set(folders)).toEqual(new Set(Object.keys(PROFILES)));
});
