import { describe, expect, it } from "vitest";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { Guild } from "../sandbox/discord/guild.ts";
import { Permission } from "../sandbox/discord/permissions.ts";
import type { ServedRequest } from "../sandbox/discord/rest-server.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, hears, onStage, type Room, written } from "./actions.ts";

let stage: Stage;
let bot: BotProcess;
let song: Song;
let nasty: Song;

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot();
  song = await stage.media.addSong({ title: "Africa", frequencyHz: 440, durationMs: 30_000 });
  nasty = await stage.media.addSong({
    title: `<@1> @everyone https://evil.example ${"x".repeat(600)}`,
    frequencyHz: 880,
    durationMs: 30_000,
  });
});

const ROOMS = ["Lounge", "Garden", { name: "Plain", denyBot: Permission.SetVoiceChannelStatus }];
const furnished = (): Room => furnish(stage, { voice: ROOMS });

function lineOf(guild: Guild, channel = "Lounge"): string | null {
  return guild.channel(channel).voiceStatus;
}

async function reads(guild: Guild, line: RegExp, channel = "Lounge"): Promise<void> {
  const what = `${String(line)} under ${channel}`;
  await stage.discord.until(() => line.test(lineOf(guild, channel) ?? ""), { what, timeoutMs: 30_000 });
}

/** Requests for the lines of a guild's channels. */
function asked(guild: Guild): ServedRequest[] {
  const paths = guild.channels.map(({ id }) => `/channels/${id}/voice-status`);
  return stage.discord.rest.requests.filter(({ path }) => paths.includes(path));
}

async function left(guild: Guild): Promise<void> {
  await stage.discord.until(() => !guild.botVoiceChannel, { what: "the bot leaves" });
}

describe("under the name of the voice channel", () => {
  it("stands what plays, harmlessly, until it is stopped", async () => {
    const { guild, ann } = furnished();
    ann.says("general", `?play ${song.url}`);
    await reads(guild, /^♪ .*Africa$/u);
    ann.says("general", `?play ${nasty.url}`);
    await stage.discord.until(() => written(stage, guild).length === 2, { what: "the second song waits" });
    ann.says("general", "?skip");
    await reads(guild, /^♪ .*‹＠1> ＠everyone https: \/\/evil\.example x+…?$/u);
    expect(lineOf(guild)?.length).toBeLessThanOrEqual(500);
    ann.says("general", "?stop");
    await left(guild);
    // Before it left: afterwards it would have been refused.
    expect(lineOf(guild)).toBeNull();
    expect(asked(guild).map(({ status }) => status)).toEqual([204, 204, 204]);
  });

  it("goes with the bot when somebody drags it", async () => {
    const { guild, ann } = furnished();
    ann.says("general", `?play ${song.url}`);
    await reads(guild, /Africa/u);
    stage.discord.voice.move(guild, "Garden");
    await reads(guild, /Africa/u, "Garden");
    ann.joinVoice("Garden");
    ann.says("general", "?stop");
    await left(guild);
    expect(lineOf(guild, "Garden")).toBeNull();
  });

  it("stands nothing where the bot may not write it, and Discord is not even asked", async () => {
    const { guild, ann } = furnished();
    ann.joinVoice("Plain");
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild);
    ann.says("general", "?stop");
    await left(guild);
    expect(asked(guild)).toEqual([]);
  });

  it("stands nothing as soon as the server wants that, and the song again when it does not any more", async () => {
    const { guild, ann } = furnished();
    const boss = guild.addPerson({ name: "Boss", permissions: "administrator" });
    ann.says("general", `?play ${song.url}`);
    await reads(guild, /Africa/u);
    boss.says("general", "?settings voice-status off");
    await stage.discord.until(() => lineOf(guild) === null, { what: "no line" });
    boss.says("general", "?settings voice-status on");
    await reads(guild, /Africa/u);
    ann.says("general", "?stop");
    await left(guild);
    expect(lineOf(guild)).toBeNull();
  });

  it("is tried once in a channel that refuses it all the same", async () => {
    const { guild, ann } = furnished();
    const path = new RegExp(`^/channels/${guild.channel("Lounge").id}/voice-status$`, "u");
    stage.discord.rest.failNext({ method: "PUT", path, status: 403, code: 50_013 });
    ann.says("general", `?play ${song.url}`);
    await hears(stage, guild);
    await stage.discord.until(() => asked(guild).length > 0, { what: "the line is tried" });
    ann.says("general", `?play ${nasty.url}`);
    await stage.discord.until(() => written(stage, guild).length === 2, { what: "the second song waits" });
    ann.says("general", "?skip");
    await hears(stage, guild, 50);
    ann.says("general", "?stop");
    await left(guild);
    expect(asked(guild)).toHaveLength(1);
  });

  it("stands nothing any more when the bot is shut down", async () => {
    const { guild, ann } = furnished();
    ann.says("general", `?play ${song.url}`);
    await reads(guild, /Africa/u);
    await bot.stop();
    expect(lineOf(guild)).toBeNull();
  });
});
