import { expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, measure, onStage, type Room } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;

const SURFACES = ["prefix", "slash"] as const;
const rooms = new Map<string, Room & { readonly admin: Person; readonly owner: Person }>();

onStage(async (ready) => {
  stage = ready;
  for (const surface of SURFACES) {
    const room = furnish(stage, { name: `Chooses by ${surface}` });
    const admin = room.guild.addPerson({ name: "Adam", permissions: "administrator" });
    const [other] = rooms.values();
    const plan = { name: "Olga", permissions: "administrator" } as const;
    const owner = room.guild.addPerson({ ...plan, ...(other && { sameAs: other.owner }) });
    stage.discord.makeOwner(owner);
    rooms.set(surface, { ...room, admin, owner });
  }
  bot = await stage.startBot();
});

it.each(SURFACES)("a server hears the profile it chose, by %s", async (surface) => {
  const song = await stage.media.addSong({ title: `Loud ${surface}`, loudnessLufs: -8, durationMs: 6000 });
  const { guild, ann, admin, owner } = rooms.get(surface)!;
  const choose = { surface, name: "profile", values: { name: "quiet" } };
  expect(await answerTo(stage, { ann, ...choose })).toBe("Only people with Manage Server may do that.");
  expect(await answerTo(stage, { ann: admin, ...choose })).toContain("songs sound as **quiet** here");
  ann.says("general", `?play ${song.url}`);
  await hears(stage, guild);
  await bot.event("player.finished", { matches: ({ guildId }) => guildId === guild.id });
  expect((await measure(stage, guild.heard)).integratedLufs).toBeCloseTo(-20, 0);
  expect((await stage.cachedFiles()).filter((file) => file.includes(song.id))).toEqual([
    expect.stringMatching(/^quiet-/u),
  ]);
  expect(await answerTo(stage, { ann, surface, name: "profile" })).toContain("**quiet**");

  const clear =
    surface === "slash"
      ? { name: "cache_clear", values: { confirm: 1, profile: "quiet" } }
      : { name: "cache_clear confirm 1 profile quiet" };
  expect(await answerTo(stage, { ann: admin, surface, ...clear })).toBe(
    "Only the owner of this bot may do that.",
  );
  expect(await answerTo(stage, { ann: owner, surface, ...clear })).toContain("Deleted **1 file**");
  expect((await stage.cachedFiles()).filter((file) => file.startsWith("quiet-"))).toEqual([]);
});
