import { describe, expect, test } from "vitest";
import type { Component } from "./components.ts";
import { DiscordRefusal } from "./errors.ts";
import { checkMessage } from "./message-rules.ts";
import type { DraftMessage } from "./message-rules.ts";
import { MessageFlag } from "./message.ts";

const V2 = MessageFlag.componentsV2;
const text = (content: string): Component => ({ type: 10, content });
const button = (fields: Partial<Component>): Component => ({
  type: 2,
  style: 1,
  label: "Press",
  custom_id: "a",
  ...fields,
});
const row = (...components: Component[]): Component => ({ type: 1, components });
const draft = (fields: Partial<DraftMessage>): DraftMessage => ({
  content: "",
  embeds: [],
  components: [],
  attachments: [],
  flags: 0,
  ...fields,
});

function problemOf(message: DraftMessage): string | undefined {
  try {
    checkMessage(message);
    return undefined;
  } catch (error) {
    return error instanceof DiscordRefusal ? error.problem : String(error);
  }
}

describe("checkMessage", () => {
  test.each<[string, Partial<DraftMessage>]>([
    ["a short text", { content: "Hi" }],
    ["2000 characters, also when each takes two UTF-16 units", { content: "🎵".repeat(2000) }],
    ["an embed alone", { embeds: [{}] }],
    ["a text with buttons", { content: "Hi", components: [row(button({}))] }],
    [
      "components of version 2",
      { flags: V2, components: [{ type: 17, components: [text("Hi"), row(button({}))] }] },
    ],
    ["exactly 40 components", { flags: V2, components: Array.from({ length: 40 }, () => text("x")) }],
    [
      "a picture that was sent along",
      {
        flags: V2,
        components: [{ type: 12, items: [{ media: { url: "attachment://a.png" } }] }],
        attachments: [{ filename: "a.png" }],
      },
    ],
  ])("takes %s", (_what, fields) => {
    expect(problemOf(draft(fields))).toBeUndefined();
  });

  test.each<[string, Partial<DraftMessage>, RegExp]>([
    ["2001 characters", { content: "🎵".repeat(2001) }, /longer than 2000/u],
    ["nothing", {}, /nothing to show/u],
    [
      "content with version 2",
      { flags: V2, content: "Hi", components: [text("Hi")] },
      /content: cannot be used/u,
    ],
    [
      "embeds with version 2",
      { flags: V2, embeds: [{}], components: [text("Hi")] },
      /embeds: cannot be used/u,
    ],
    ["no components with version 2", { flags: V2 }, /empty/u],
    ["text displays without the flag", { components: [text("Hi")] }, /only action rows/u],
    ["41 components", { flags: V2, components: Array.from({ length: 41 }, () => text("x")) }, /41 in all/u],
    [
      "40 components in a container",
      { flags: V2, components: [{ type: 17, components: Array.from({ length: 40 }, () => text("x")) }] },
      /41 in all/u,
    ],
    [
      "4001 characters in text displays",
      { flags: V2, components: [text("x".repeat(4000)), text("x")] },
      /4001 characters/u,
    ],
    ["one custom id twice", { content: "Hi", components: [row(button({}), button({}))] }, /used twice/u],
    [
      "a button without words",
      { content: "Hi", components: [row(button({ label: "" }))] },
      /label or an emoji/u,
    ],
    [
      "a link button with a custom id",
      { content: "Hi", components: [row(button({ style: 5, url: "https://a.example" }))] },
      /never both/u,
    ],
    [
      "six buttons in a row",
      {
        content: "Hi",
        components: [row(...Array.from({ length: 6 }, (_, n) => button({ custom_id: String(n) })))],
      },
      /1 to 5 buttons/u,
    ],
    [
      "a picture nobody sent",
      { flags: V2, components: [{ type: 11, media: { url: "attachment://a.png" } }] },
      /no attachment/u,
    ],
  ])("refuses %s", (_what, fields, problem) => {
    expect(problemOf(draft(fields))).toMatch(problem);
  });
});
