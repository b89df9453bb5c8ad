import { describe, expect, it } from "vitest";
import { lackText, placesText, tasksAround } from "../../src/command/lacks.ts";
import { phrase } from "../../src/core/sentence.ts";
import { guildOptions } from "../../src/core/guild-options.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import { Desk } from "../fakes/command-context.ts";

const { en, de } = LANGUAGES;
const desk = new Desk();

describe("the bot has something to do", () => {
  it("where it is asked, and in the voice channel of who asks", () => {
    const tasks = tasksAround(desk.context());
    expect(Object.fromEntries(tasks)).toEqual({
      text: ["messages", "pictures", "replies"],
      lounge: ["play", "status"],
    });
    expect(placesText(tasks, en)).toBe("<#text> and <#lounge>");
    expect(placesText(tasks, de)).toBe("<#text> und <#lounge>");
  });

  it("where the guild wants its messages, each task once, and no line where it wants none", () => {
    const options = guildOptions({ announceChannel: "1", requestChannel: "1", voiceStatus: "off" });
    const tasks = tasksAround(desk.context({ options, textChannelId: "1" }));
    expect(Object.fromEntries(tasks)).toEqual({
      1: ["messages", "pictures", "replies", "requests"],
      lounge: ["play"],
    });
  });

  it("in no voice channel when neither it nor who asks is in one", () => {
    expect([...tasksAround(desk.context({ voiceChannel: undefined })).keys()]).toEqual(["text"]);
  });
});

it("what it lacks is said with what does not work, in the language of who reads it", () => {
  const missing = [phrase("CONNECT"), phrase("SPEAK")];
  const lack = { channelId: "1", task: "play", missing } as const;
  expect(lackText(lack, en)).toBe("<#1>: without **Connect** and **Speak** I cannot play there.");
  expect(lackText(lack, de)).toBe("<#1>: Ohne **Verbinden** und **Sprechen** kann ich dort nicht spielen.");
});
