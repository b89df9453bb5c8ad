// Every way to a live stream, through the real bot.
import { expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, hears, measure, onStage, says } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;

onStage(
  async (ready) => {
    stage = ready;
    bot = await stage.startBot();
  },
  { env: { DIRECT_HOSTS: "127.0.0.1" } },
);

it.each(["a live stream of YouTube", "a stream of HLS behind a link", "a list of stations"])(
  "%s plays until it is stopped",
  async (what) => {
    const { guild, ann } = furnish(stage, { name: what });
    const song = await stage.media.addSong({ title: what, frequencyHz: 659, durationMs: 4_000 });
    stage.media.setState(song.id, "live");
    const links: Readonly<Record<string, string>> = {
      "a live stream of YouTube": song.url,
      "a stream of HLS behind a link": song.hlsUrl,
      "a list of stations": `${song.radioUrl}.pls`,
    };
    ann.says("general", `?play ${links[what]}`);
    await hears(stage, guild, 150);
    expect((await measure(stage, guild.heard)).dominantFrequencyHz).toBeCloseTo(659, -1);
    expect(bot.named("player.failed")).toEqual([]);
    ann.says("general", "?stop");
    await says(stage, guild, /stopped|left/iu);
    expect(await stage.cachedFiles()).toEqual([]);
  },
);
