import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runPlainBot } from "./fixtures/run-bot.ts";
import type { PlainBot, Told } from "./fixtures/run-bot.ts";
import { writeTone } from "./fixtures/tone.ts";
import type { Guild, GuildPlan } from "./guild.ts";
import { startLocalDiscord } from "./local-discord.ts";
import type { LocalDiscord, LocalDiscordOptions } from "./local-discord.ts";
import { Permission } from "./permissions.ts";
import type { Person } from "./person.ts";
import { describeSound } from "./sound.ts";

const FREQUENCY_HZ = 659;
let folder = "";
let song = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voice-"));
  song = join(folder, "song.ogg");
  await writeTone(song, { frequencyHz: FREQUENCY_HZ, durationMs: 2000 });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Scene extends AsyncDisposable {
  readonly discord: LocalDiscord;
  readonly guild: Guild;
  readonly ann: Person;
  readonly bot: PlainBot;
  readonly told: (event: string) => readonly Told[];
  readonly hears: (event: string, fields?: object) => Promise<Told>;
}

/** Ann in a voice channel, and a bot that is ready to join her. */
async function scene(options: LocalDiscordOptions = {}, plan: Partial<GuildPlan> = {}): Promise<Scene> {
  const discord = await startLocalDiscord(options);
  const voice = [
    "Lounge",
    "Garden",
    { name: "Locked", denyBot: Permission.Connect },
    { name: "Mute", denyBot: Permission.Speak },
    { name: "Full", userLimit: 1 },
  ];
  const guild = discord.addGuild({ name: "Attic", voice, ...plan });
  const ann = guild.addPerson({ name: "Ann" });
  ann.joinVoice("Lounge");
  const bot = runPlainBot(discord, { TONE_FILE: song });
  const told = (event: string): readonly Told[] => bot.told.filter((line) => line.event === event);
  const hears = async (event: string, fields: object = {}): Promise<Told> =>
    await discord.until(
      () => told(event).find((line) => Object.entries(fields).every(([name, value]) => line[name] === value)),
      {
        what: `the bot tells ${event} ${JSON.stringify(fields)}; it told ${JSON.stringify(bot.told)} ${bot.complaints()}`,
      },
    );
  const stop = async (): Promise<void> => {
    await bot.stop();
    await discord.close();
  };
  await hears("ready");
  return { discord, guild, ann, bot, told, hears, [Symbol.asyncDispose]: stop };
}

const packets = ({ guild }: Scene): number => guild.heard.sounding.length;

async function playing(stage: Scene): Promise<void> {
  stage.ann.says("general", "?join");
  await stage.discord.until(() => packets(stage) > 5, { what: "the first packets" });
}

describe("what is played is heard", () => {
  test.each(["aead_aes256_gcm_rtpsize", "aead_xchacha20_poly1305_rtpsize"] as const)(
    "with %s",
    async (mode) => {
      await using stage = await scene({ voiceModes: [mode] });
      await playing(stage);
      await stage.hears("player.finished");
      const heard = stage.guild.listen("Lounge");
      await stage.discord.until(() => !heard.speaking, { what: "the end of speech" });
      const path = join(folder, `${mode}.ogg`);
      await heard.writeOgg(path);
      const [sound, original] = await Promise.all([describeSound(path), describeSound(song)]);
      expect(sound.dominantFrequencyHz).toBeCloseTo(FREQUENCY_HZ, 0);
      expect(Math.abs(sound.integratedLufs! - original.integratedLufs!)).toBeLessThan(0.2);
      expect(heard.durationMs).toBe(2020); // 2 s and the packet that flushes the encoder
      expect(heard.lost).toBe(0);
      expect(stage.guild.listen("Garden").packets).toHaveLength(0);
      expect(stage.discord.violations).toEqual([]);
    },
  );

  test("or only counted, for bots with hundreds of guilds", async () => {
    await using stage = await scene({ hearsVoice: false });
    stage.ann.says("general", "?join");
    await stage.hears("player.finished");
    const { udp } = stage.discord.voice.server;
    // 101 packets of song and the silence behind it.
    await stage.discord.until(() => udp.received > 101, { what: "the song's packets" });
    expect(packets(stage)).toBe(0);
    expect(udp.rejected).toBe(0);
  });

  test("a voice status can be set where the bot is", async () => {
    await using stage = await scene();
    await playing(stage);
    stage.ann.says("general", "?status Toto – Africa");
    await stage.discord.until(() => stage.guild.channel("Lounge").voiceStatus, { what: "the status" });
    expect(stage.guild.channel("Lounge").voiceStatus).toBe("Toto – Africa");
  });
});

describe("joins Discord meets with silence", () => {
  test.each([
    ["Locked", "no permission"],
    ["Full", "full"],
  ])("%s", async (channel, why) => {
    await using stage = await scene();
    stage.ann.joinVoice(channel);
    stage.ann.says("general", "?join");
    await stage.discord.until(() => stage.discord.voice.ignoredJoins.length, { what: "the join" });
    expect(stage.discord.voice.ignoredJoins).toMatchObject([{ why }]);
    expect(stage.guild.botVoiceChannel).toBeUndefined();
  });

  test("without the permission to speak the bot joins and nobody hears it", async () => {
    await using stage = await scene();
    stage.ann.joinVoice("Mute");
    stage.ann.says("general", "?join");
    await stage.hears("player.finished");
    expect(stage.guild.heard.packets).toHaveLength(0);
    expect(stage.guild.botVoiceChannel?.name).toBe("Mute");
  });
});

describe("a stage", () => {
  test("is heard once the bot was let up, which takes the right to mute or somebody's word", async () => {
    await using stage = await scene({}, { stages: [{ name: "Hall", denyBot: Permission.MuteMembers }] });
    const state = () => stage.guild.voiceStates.get(stage.discord.botId);
    stage.ann.joinVoice("Hall");
    stage.ann.says("general", "?join");
    await stage.hears("player.finished");
    expect(stage.guild.heard.packets).toHaveLength(0);
    stage.ann.says("general", "?rise");
    await stage.hears("refused", { code: 50_013 });
    stage.ann.says("general", "?ask");
    await stage.discord.until(() => state()?.asksToSpeakAt, { what: "the request to speak" });
    stage.guild.inviteToSpeak();
    expect(state()).toMatchObject({ suppress: false, asksToSpeakAt: null });
    stage.ann.says("general", "?join");
    await stage.discord.until(() => packets(stage) > 10, { what: "sound" });
  });
});

describe("what can happen to a connection", () => {
  test("kicked: close code 4014 and no voice state", async () => {
    await using stage = await scene();
    await playing(stage);
    stage.discord.voice.kick(stage.guild);
    expect(await stage.hears("voice.state", { to: "disconnected" })).toMatchObject({ closeCode: 4014 });
    expect(stage.guild.botVoiceChannel).toBeUndefined();
  });

  test("moved: the sound goes on in the other channel", async () => {
    await using stage = await scene();
    await playing(stage);
    stage.discord.voice.move(stage.guild, "Garden");
    await stage.discord.until(() => stage.guild.listen("Garden").packets.length > 5, {
      what: "sound in the garden",
    });
    expect(stage.guild.botVoiceChannel?.name).toBe("Garden");
  });

  test("close code 4015: the client resumes with the same session", async () => {
    await using stage = await scene();
    await playing(stage);
    stage.discord.voice.server.disconnect(stage.guild, 4015);
    await stage.discord.until(() => stage.discord.voice.server.counts.resumed === 1, { what: "a resume" });
    const before = packets(stage);
    await stage.discord.until(() => packets(stage) > before, { what: "more sound" });
    expect(stage.discord.voice.server.counts).toEqual({ identified: 1, resumed: 1 });
  });

  test("close code 4006: the client joins anew", async () => {
    await using stage = await scene();
    await playing(stage);
    stage.discord.voice.server.disconnect(stage.guild, 4006);
    await stage.discord.until(() => stage.discord.voice.server.counts.identified === 2, {
      what: "a new session",
    });
    const before = packets(stage);
    await stage.discord.until(() => packets(stage) > before, { what: "more sound" });
    expect(stage.discord.voice.server.counts.resumed).toBe(0);
  });

  test("no VOICE_SERVER_UPDATE: the client waits in signalling", async () => {
    await using stage = await scene();
    stage.discord.voice.withholdsServerUpdates = true;
    stage.ann.says("general", "?join");
    await stage.hears("voice", { user: stage.discord.botId });
    expect(stage.discord.voice.server.counts.identified).toBe(0);
    expect(stage.told("voice.state").map(({ to }) => to)).not.toContain("connecting");
  });

  test("a lost discovery packet leaves the client connecting, and another try works", async () => {
    await using stage = await scene();
    stage.discord.voice.server.udp.discoveriesToDrop = 1;
    stage.ann.says("general", "?join");
    await stage.discord.until(() => stage.discord.voice.server.udp.discoveriesToDrop === 0, {
      what: "the lost packet",
    });
    expect(stage.told("voice.state").map(({ to }) => to)).not.toContain("ready");
    stage.ann.says("general", "?leave");
    await stage.hears("voice.state", { to: "destroyed" });
    await playing(stage);
    expect(packets(stage)).toBeGreaterThan(5);
  });

  test("the voice server goes away and another takes over", async () => {
    await using stage = await scene();
    await playing(stage);
    stage.discord.voice.loseServer(stage.guild);
    await stage.hears("voice.state", { to: "disconnected" });
    stage.discord.voice.reallocate(stage.guild);
    await stage.discord.until(() => stage.discord.voice.server.counts.identified === 2, {
      what: "a new session",
    });
    const before = packets(stage);
    await stage.discord.until(() => packets(stage) > before, { what: "more sound" });
    expect(stage.discord.violations).toEqual([]);
  });

  test("people who join and leave are seen", async () => {
    await using stage = await scene();
    stage.ann.leaveVoice();
    const lounge = stage.guild.channel("Lounge").id;
    expect(await stage.hears("voice", { user: stage.ann.id, from: lounge })).toMatchObject({ to: null });
  });
});
