// What the end-to-end tests do again and again: look for a message, listen, count what the source was asked for.
import * as path from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { Guild, GuildPlan } from "../sandbox/discord/guild.ts";
import type { Message } from "../sandbox/discord/message.ts";
import type { OptionValues, Person } from "../sandbox/discord/person.ts";
import type { HeardSound } from "../sandbox/discord/recording.ts";
import { describeSound, type SoundDescription } from "../sandbox/discord/sound.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import { Stage, type StageOptions } from "../sandbox/stage.ts";

/** One stage for all tests of a file; after each, nothing may have happened that Discord forbids. */
export function onStage(prepare: (stage: Stage) => Promise<void>, options?: StageOptions): void {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set(options);
    await prepare(stage);
  });
  afterEach(() => stage.expectLawful());
  afterAll(() => stage[Symbol.asyncDispose]());
}

export interface Room {
  readonly guild: Guild;
  readonly ann: Person;
}

/** A guild with "general", "Lounge", and Ann in the lounge; she is a member like others unless she has permissions. */
export function furnish(stage: Stage, plan: Partial<GuildPlan> = {}, permissions?: bigint): Room {
  const guild = stage.discord.addGuild({ name: "Attic", ...plan });
  const ann = guild.addPerson({ name: "Ann", ...(permissions !== undefined && { permissions }) });
  ann.joinVoice("Lounge");
  return { guild, ann };
}

/** What the bot wrote in a channel and did not delete. */
export function written(stage: Stage, guild: Guild, channel = "general"): Message[] {
  return guild.channel(channel).messages.filter(({ author }) => author.id === stage.discord.botId);
}

/** Waits for a message of the bot that says this now. */
export async function says(stage: Stage, guild: Guild, text: string | RegExp): Promise<Message> {
  const fits = (message: Message): boolean =>
    typeof text === "string" ? message.text.includes(text) : text.test(message.text);
  return await stage.discord.until(() => written(stage, guild).find(fits), {
    what: `${guild.name} reads ${String(text)}`,
    timeoutMs: 50_000,
  });
}

/** Waits until so much more sound than now has been heard in a guild. */
export async function hears(stage: Stage, guild: Guild, packets = 10): Promise<void> {
  const before = guild.heard.sounding.length;
  await stage.discord.until(() => guild.heard.sounding.length >= before + packets, {
    what: `${guild.name} hears ${packets} more packets`,
    timeoutMs: 30_000,
  });
}

let recordings = 0;

/** What a stretch of sound is, measured on a recording of it. */
export async function measure(stage: Stage, sound: HeardSound): Promise<SoundDescription> {
  recordings += 1;
  const file = path.join(stage.directory, `heard-${recordings}.ogg`);
  await sound.writeOgg(file);
  return await describeSound(file);
}

/** Everything that was asked of the source on behalf of a song, and of the extractor at all. */
export async function asked(stage: Stage, song: Song): Promise<object> {
  return { ...stage.media.counters(song.id), extractor: (await stage.media.extractorCalls()).length };
}

export interface Doing {
  readonly ann: Person;
  readonly surface: "prefix" | "slash";
  readonly name: string;
  readonly values?: OptionValues;
  /** What is typed after the name; by default the values in their order. */
  readonly typed?: string;
}

/** Uses a command in "general" and reads the answer, once it is more than "thinking…". */
export async function answerTo(stage: Stage, doing: Doing): Promise<string> {
  return (await answerMessage(stage, doing)).text;
}

/** {@link answerTo} as the message it is, to press something on it. */
export async function answerMessage(stage: Stage, doing: Doing): Promise<Message> {
  const { ann, surface, name, values = {} } = doing;
  const {
    typed = Object.values(values)
      .flatMap((value) => (typeof value === "object" ? [] : [value]))
      .join(" "),
  } = doing;
  if (surface === "slash") {
    const used = await ann.uses("general", name, values);
    const answer = (): Message | undefined => (used.text === "" ? undefined : used.message);
    return await stage.discord.until(answer, { what: `an answer to /${name}` });
  }
  const question = ann.says("general", `?${name} ${typed}`.trim());
  const answer = (): Message | undefined =>
    written(stage, ann.guild).find(({ facts }) => facts.replyTo === question);
  return await stage.discord.until(answer, { what: `an answer to ?${name}` });
}
