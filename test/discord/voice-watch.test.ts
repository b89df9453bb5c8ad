import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { silentLogger } from "../../src/core/logger.ts";
import { VoiceWatch } from "../../src/discord/voice-watch.ts";
import type { VoiceLink } from "../../src/player/voice-link.ts";
import { Permission } from "../sandbox/discord/permissions.ts";
import type { Person } from "../sandbox/discord/person.ts";
import { VoiceLab } from "./voice-lab.ts";

const never = new AbortController().signal;
let lab: VoiceLab;
let ann: Person;
let bob: Person;
let link: VoiceLink;
/** Who hears the bot, as was told last. */
let audience: readonly string[] | undefined;
/** Why nobody does, each time it was told. */
let unheard: string[];

beforeAll(async () => {
  lab = await VoiceLab.open({
    voice: ["Lounge", "Garden"],
    stages: [
      "Hall",
      { name: "Forum", denyBot: Permission.MuteMembers },
      { name: "Court", denyBot: Permission.MuteMembers | Permission.RequestToSpeak },
    ],
  });
  const news = {
    onAudience: (_guildId: string, ids: ReadonlySet<string>) => void (audience = [...ids].toSorted()),
    onUnheard: (_guildId: string, { code }: { readonly code: string }) => void unheard.push(code),
    onPlaced: () => undefined,
  };
  new VoiceWatch({ news, log: silentLogger }).watch(lab.client);
  ann = lab.guild.addPerson({ name: "Ann" });
  bob = lab.guild.addPerson({ name: "Bob" });
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(async () => {
  unheard = [];
  ann.joinVoice("Lounge");
  bob.joinVoice("Garden");
  audience = undefined;
  link = await lab.voice().join(lab.lounge, never);
  await heardBy(ann);
});
afterEach(async () => {
  link.leave();
  await lab.discord.until(() => !lab.guild.botVoiceChannel, { what: "the bot leaves" });
});

async function heardBy(...people: readonly Person[]): Promise<void> {
  const ids = people.map(({ id }) => id).toSorted();
  const isSo = (): boolean => JSON.stringify(audience) === JSON.stringify(ids);
  await lab.discord.until(isSo, { what: `heard by ${ids.length}` });
}

const mine = () => lab.guild.voiceStates.get(lab.discord.botId);

describe("people hear the bot", () => {
  it("who are where it is, from their coming to their going", async () => {
    bob.joinVoice("Lounge");
    await heardBy(ann, bob);
    ann.leaveVoice();
    await heardBy(bob);
    bob.joinVoice("Garden");
    await heardBy();
    expect(unheard).toEqual([]);
  });

  it("unless they are bots, or deafened by themselves or by others", async () => {
    lab.guild.addPerson({ name: "Another bot", isBot: true }).joinVoice("Lounge");
    bob.joinVoice("Lounge");
    await heardBy(ann, bob);
    ann.deafens(true);
    await heardBy(bob);
    lab.guild.changeVoiceState(bob.id, { deaf: true });
    await heardBy();
    ann.deafens(false);
    await heardBy(ann);
    expect(unheard).toEqual([]);
  });

  it("where people drag it to", async () => {
    lab.discord.voice.move(lab.guild, "Garden");
    await heardBy(bob);
    expect(mine()?.channelId).toBe(lab.guild.channel("Garden").id);
  });

  it("not while somebody has muted it, which is told once", async () => {
    lab.guild.changeVoiceState(lab.discord.botId, { mute: true });
    await heardBy();
    bob.joinVoice("Lounge");
    lab.guild.changeVoiceState(lab.discord.botId, { mute: false });
    await heardBy(ann, bob);
    expect(unheard).toEqual(["VOICE_MUTED"]);
  });

  it("as they are after an outage, whatever came in between", async () => {
    lab.discord.gateway.invalidateSessions();
    bob.joinVoice("Lounge");
    await heardBy(ann, bob);
    expect(lab.discord.gateway.counts.identified).toBe(2);
  });
});

it("the bot joins deaf: it does not listen to people", () => {
  expect(lab.guild.voiceStates.get(lab.discord.botId)).toMatchObject({ selfDeaf: true, selfMute: false });
});

describe("on a stage the bot", () => {
  it("gets up by itself where it may, and the audience of the stage hears it", async () => {
    lab.discord.voice.move(lab.guild, "Hall");
    bob.joinVoice("Hall");
    await heardBy(bob);
    expect(mine()).toMatchObject({ suppress: false });
    expect(unheard).toEqual([]);
  });

  it("stays in the audience when somebody sends it back there, and says so", async () => {
    lab.discord.voice.move(lab.guild, "Hall");
    bob.joinVoice("Hall");
    await heardBy(bob);
    lab.guild.changeVoiceState(lab.discord.botId, { suppress: true });
    await heardBy();
    lab.guild.inviteToSpeak();
    await heardBy(bob);
    expect(unheard).toEqual(["VOICE_MUTED"]);
  });

  it("asks those who may let it speak where it may not get up, and says so", async () => {
    lab.discord.voice.move(lab.guild, "Forum");
    bob.joinVoice("Forum");
    await lab.discord.until(() => mine()?.asksToSpeakAt, { what: "the request to speak" });
    await heardBy();
    lab.guild.inviteToSpeak();
    await heardBy(bob);
    expect(unheard).toEqual(["STAGE_ASKED"]);
  });

  it("says what it lacks where it may not even ask", async () => {
    lab.discord.voice.move(lab.guild, "Court");
    await lab.discord.until(() => unheard.length > 0, { what: "the reason" });
    expect(unheard).toEqual(["VOICE_MUTED"]);
  });
});
