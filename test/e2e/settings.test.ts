import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import { Permission } from "../sandbox/discord/permissions.ts";
import type { Person } from "../sandbox/discord/person.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, type Room, says, written } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;
let song: Song;

beforeAll(async () => {
  stage = await Stage.set();
  bot = await stage.startBot();
  song = await stage.media.addSong({ title: "Tone", durationMs: 20_000 });
});
afterEach(() => stage.expectLawful());
afterAll(() => stage[Symbol.asyncDispose]());

/** The room, and Max, who manages the server. */
function managed(): Room & { readonly max: Person } {
  const room = furnish(stage, {
    text: ["general", "music", { name: "mute", denyBot: Permission.SendMessages }],
  });
  return { ...room, max: room.guild.addPerson({ name: "Max", permissions: Permission.ManageGuild }) };
}

describe.each(["slash", "prefix"] as const)("settings on %s", (surface) => {
  it("are seen by everyone and changed by managers", async () => {
    const { ann, max } = managed();
    expect(await answerTo(stage, { ann, surface, name: "settings" })).toMatch(/`stay` \*\*off\*\*/u);
    const change = (person: Person): Promise<string> =>
      surface === "slash"
        ? answerTo(stage, { ann: person, surface, name: "settings", values: { stay: "on" } })
        : answerTo(stage, { ann: person, surface, name: "settings stay on" });
    expect(await change(ann)).toContain("Only people with Manage Server may do that.");
    expect(await change(max)).toContain("`stay` is **on** now.");
    expect(await answerTo(stage, { ann, surface, name: "settings" })).toMatch(/`stay` \*\*on\*\*/u);
  });
});

it("a role, a channel and a prefix can be chosen, and count after a restart too", async () => {
  const { guild, ann, max } = managed();
  const dj = guild.giveRole("DJ", ann);
  const music = guild.channel("music").id;
  const set = await max.uses("general", "settings", {
    "dj-role": dj.id,
    "announce-channel": music,
    prefix: "!",
  });
  expect(set.text).toContain(`\`dj-role\` is **<@&${dj.id}>** now.`);
  expect(set.text).toContain(`\`announce-channel\` is **<#${music}>** now.`);
  await bot.stop();
  bot = await stage.startBot();
  max.says("general", "?help");
  max.says("general", "!settings");
  const shown = await says(stage, guild, "Settings of this server");
  expect(shown.text).toMatch(/`prefix` \*\*!\*\*/u);
  expect(written(stage, guild).filter(({ ephemeral }) => !ephemeral)).toHaveLength(1);
  max.says("general", "!settings reset prefix dj-role @DJ");
  await says(stage, guild, "`prefix` is **?** now.");
});

it("a channel that the bot may not write in is named, with what it lacks", async () => {
  const { guild, max } = managed();
  const mute = guild.channel("mute").id;
  const answer = await max.uses("general", "settings", { "announce-channel": mute });
  expect(answer.text).toContain(`I may not write in <#${mute}>.`);
  expect(answer.text).toContain("**Send Messages**");
});

it("with a DJ role others control their own songs alone, until they are alone", async () => {
  const { guild, ann, max } = managed();
  const dj = guild.giveRole("DJ", max);
  await max.uses("general", "settings", { "dj-role": dj.id });
  const bob = guild.addPerson({ name: "Bob" });
  bob.joinVoice("Lounge");
  await ann.uses("general", "play", { query: song.url });
  await hears(stage, guild);
  const refusal = `Only people with the role <@&${dj.id}> may do that.`;
  expect(await answerTo(stage, { ann: bob, surface: "slash", name: "pause" })).toContain(refusal);
  expect(await answerTo(stage, { ann, surface: "slash", name: "stop" })).toContain(refusal);
  const shown = await says(stage, guild, "Now playing");
  expect((await bob.presses(shown, "⏹ Stop")).text).toContain(refusal);
  expect(await answerTo(stage, { ann, surface: "slash", name: "pause" })).toContain("Paused.");
  ann.leaveVoice();
  expect(await answerTo(stage, { ann: bob, surface: "prefix", name: "stop" })).toContain("Stopped");
});
