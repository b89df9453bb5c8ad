import { describe, expect, it } from "vitest";
import { Stage } from "../sandbox/stage.ts";

describe("a song played through the cache", () => {
  it("is heard", async () => {
    await using stage = await Stage.set();
    const { discord, media } = stage;
    const guild = discord.addGuild({ name: "Attic", text: ["general"], voice: ["Lounge"] });
    const ann = guild.addPerson({ name: "Ann" });
    const song = await media.addSong({
      title: "A",
      artist: "B",
      frequencyHz: 440,
      loudnessLufs: -23,
      durationMs: 3000,
    });
    const bot = await stage.startBot();
    ann.joinVoice("Lounge");
    ann.says("general", `?play ${song.url}`);
    await bot.event("player.finished").catch((e: unknown) => console.log(e));
    console.log(JSON.stringify(bot.events, null, 1).slice(0, 6000), bot.stderr);
    console.log(guild.channel("general").messages.map((m) => m.text));
    console.log(discord.violations, discord.refusals);
    expect(await stage.workFiles()).toEqual([]);
    console.log(await stage.cachedFiles());
    console.log(await bot.stop());
  });
});
