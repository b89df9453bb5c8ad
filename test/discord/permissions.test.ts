import { PermissionsBitField } from "discord.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inviteUrl, mayWriteStatus, textRefusal, voiceRefusal } from "../../src/discord/permissions.ts";
import { Permission } from "../sandbox/discord/permissions.ts";
import { VoiceLab } from "./voice-lab.ts";

let lab: VoiceLab;

const guests = (): number => guild()?.voiceStates.cache.size ?? 0;

beforeAll(async () => {
  lab = await VoiceLab.open({
    text: [
      "general",
      { name: "silent", denyBot: Permission.SendMessages },
      { name: "secret", denyBot: Permission.ViewChannel | Permission.ReadMessageHistory },
    ],
    voice: [
      "Lounge",
      { name: "Hidden", denyBot: Permission.ViewChannel },
      { name: "Locked", denyBot: Permission.Connect | Permission.Speak },
      { name: "Crowded", userLimit: 1 },
      { name: "Roomy", userLimit: 2 },
      { name: "Plain", denyBot: Permission.SetVoiceChannelStatus },
    ],
    stages: [
      "Hall",
      { name: "Forum", denyBot: Permission.MuteMembers },
      { name: "Court", denyBot: Permission.MuteMembers | Permission.RequestToSpeak },
    ],
  });
  for (const room of ["Crowded", "Roomy"]) lab.guild.addPerson({ name: `Guest of ${room}` }).joinVoice(room);
  await lab.discord.until(() => guests() === 2, { what: "the guests are seen" });
});
afterAll(() => lab[Symbol.asyncDispose]());

const guild = () => lab.client.guilds.cache.get(lab.guild.id);

const channel = (name: string) => guild()!.channels.cache.get(lab.guild.channel(name).id)!;

describe("a voice channel", () => {
  it.each(["Lounge", "Roomy", "Hall", "Forum"])("that is open is not refused (%s)", (name) => {
    expect(voiceRefusal(guild(), lab.channel(name))).toBeUndefined();
  });

  it.each([
    ["Hidden", "VOICE_NO_PERMISSION", "**View Channel**"],
    ["Locked", "VOICE_NO_PERMISSION", "**Connect** and **Speak**"],
    ["Crowded", "VOICE_FULL", "is full"],
    ["Court", "VOICE_NO_PERMISSION", "give me **Mute Members** there"],
  ])("%s is refused with %s, and the sentence says why", (name, code, words) => {
    const refusal = voiceRefusal(guild(), lab.channel(name));
    expect(refusal).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(refusal?.message).toContain(`<#${lab.channel(name).channelId}>`);
  });

  it("that is full does not refuse the bot that is in it", async () => {
    const link = await lab.voice().join(lab.channel("Roomy"), new AbortController().signal);
    const me = lab.discord.botId;
    await lab.discord.until(() => guild()?.voiceStates.cache.get(me)?.channelId, { what: "the bot is seen" });
    expect(voiceRefusal(guild(), lab.channel("Roomy"))).toBeUndefined();
    link.leave();
  });

  it("that is gone, or in a guild that is, cannot be reached", () => {
    const gone = { ...lab.lounge, channelId: "1" };
    expect(voiceRefusal(guild(), gone)).toMatchObject({ code: "VOICE_UNREACHABLE" });
    expect(voiceRefusal(undefined, lab.lounge)).toMatchObject({ code: "VOICE_UNREACHABLE" });
  });
});

describe("a text channel", () => {
  it("in which the bot may write is not refused", () => {
    expect(textRefusal(channel("general"), ["replies", "pictures", "requests"])).toBeUndefined();
  });

  it.each([
    ["silent", "**Send Messages**"],
    ["secret", "**View Channel** and **Read Message History**"],
  ])("is refused with what is missing (%s)", (name, words) => {
    const refusal = textRefusal(channel(name), ["replies"]);
    expect(refusal).toMatchObject({ code: "CHANNEL_NO_PERMISSION", message: expect.stringContaining(words) });
  });
});

describe("the line under the name of a voice channel", () => {
  it("may be written where the bot is, unless the right is missing or it is a stage", async () => {
    const me = lab.discord.botId;
    const may = (name: string): boolean => mayWriteStatus(guild(), lab.channel(name).channelId);
    expect(may("Lounge")).toBe(false);
    for (const [name, isAllowed] of [
      ["Lounge", true],
      ["Plain", false],
      ["Hall", false],
    ] as const) {
      const link = await lab.voice().join(lab.channel(name), new AbortController().signal);
      const { channelId } = lab.channel(name);
      const isThere = (): boolean => guild()?.voiceStates.cache.get(me)?.channelId === channelId;
      await lab.discord.until(isThere, { what: `the bot in ${name}` });
      expect(may(name)).toBe(isAllowed);
      link.leave();
      await lab.discord.until(() => !isThere(), { what: "the bot leaves" });
    }
  });
});

describe("the invite link", () => {
  it("asks for what the bot does, and nothing more", () => {
    const url = new URL(inviteUrl("123"));
    expect(url.origin + url.pathname).toBe("https://discord.com/oauth2/authorize");
    expect(url.searchParams.get("client_id")).toBe("123");
    expect(url.searchParams.get("scope")).toBe("bot applications.commands");
    const asked = new PermissionsBitField(BigInt(url.searchParams.get("permissions") ?? "0")).toArray();
    expect(new Set(asked)).toEqual(
      new Set([
        "ViewChannel",
        "SendMessages",
        "SendMessagesInThreads",
        "EmbedLinks",
        "ReadMessageHistory",
        "ManageMessages",
        "Connect",
        "Speak",
        "MuteMembers",
        "SetVoiceChannelStatus",
      ]),
    );
  });
});
