import { describe, expect, it } from "vitest";
import { Permission } from "../sandbox/discord/permissions.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, onStage, type Room } from "./actions.ts";

let stage: Stage;
let song: Song;

onStage(async (ready) => {
  stage = ready;
  await stage.startBot();
  song = await stage.media.addSong({ title: "Hush", frequencyHz: 466, durationMs: 30_000 });
});

const furnished = (): Room =>
  furnish(stage, { text: ["general", { name: "silent", denyBot: Permission.SendMessages }] });

describe("in a channel where the bot may not write", () => {
  it("a typed command is not carried out, and the person is told why in private, once", async () => {
    const { guild, ann } = furnished();
    ann.says("silent", `?play ${song.url}`);
    ann.says("silent", "?queue");
    ann.says("silent", "just talking");
    await stage.discord.until(() => ann.received.length > 0, { what: "a word in private" });
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild);
    expect(ann.received.map(({ text }) => text)).toEqual([
      `I may not write in <#${guild.channel("silent").id}>. Someone with Manage Channel can give me **Send Messages** there.`,
    ]);
    ann.says("general", "?stop");
  });

  it("a slash command works, and whoever used it is told that the songs will not show", async () => {
    const { guild, ann } = furnished();
    const used = await ann.uses("silent", "play", { query: song.url });
    await hears(stage, guild);
    const hint = await stage.discord.until(
      () => guild.channel("silent").messages.find(({ text }) => text.includes("**Send Messages**")),
      { what: "the hint" },
    );
    expect(hint.ephemeral).toBe(true);
    expect(used.message?.ephemeral).toBe(false);
    await ann.uses("silent", "stop");
  });
});

describe.each(["slash", "prefix"] as const)("%s permissions", (surface) => {
  it("says what the bot lacks where, and what does not work without it", async () => {
    const { ann } = furnish(stage, {
      voice: [{ name: "Lounge", denyBot: Permission.SetVoiceChannelStatus | Permission.Speak }],
      text: [{ name: "general", denyBot: Permission.EmbedLinks }],
    });
    const text = await answerTo(stage, { ann, surface, name: "permissions" });
    const [lounge, general] = ["Lounge", "general"].map((name) => `<#${ann.guild.channel(name).id}>`);
    expect(text).toContain(`${lounge}: without **Speak** I cannot play there.`);
    expect(text).toContain(`${lounge}: without **Set Voice Channel Status** the song`);
    expect(text).toContain(`${general}: without **Embed Links** songs have no covers there.`);
  });

  it("says that nothing is missing", async () => {
    const { guild, ann } = furnish(stage);
    const [general, lounge] = ["general", "Lounge"].map((name) => `<#${guild.channel(name).id}>`);
    const text = await answerTo(stage, { ann, surface, name: "permissions" });
    expect(text).toContain(`I may do all that I need to in ${general} and ${lounge}.`);
  });
});
