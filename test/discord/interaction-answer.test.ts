import { MessageFlags } from "discord.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Panel } from "../../src/command/panel.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { type AnswerableInteraction, InteractionAnswer } from "../../src/discord/interaction-answer.ts";

const FIFTEEN_MINUTES_MS = 15 * 60 * 1000;
const { Ephemeral, IsComponentsV2 } = MessageFlags;

type Kind = "slash" | "button" | "form";
interface Said {
  readonly how: string;
  readonly text: string | undefined;
  readonly flags: number | undefined;
  readonly to: string | undefined;
}

let said: Said[];

beforeEach(() => {
  said = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => vi.useRealTimers());

interface Sent {
  readonly components?: readonly { toJSON(): { components?: readonly { content?: string }[] } }[];
  readonly flags?: number | readonly number[];
  readonly message?: string;
}

/** The part of an interaction that answers, writing down what it is told. */
function interaction(kind: Kind): AnswerableInteraction {
  const note =
    (how: string) =>
    async (sent: Sent = {}) => {
      const text = sent.components?.[0]?.toJSON().components?.[0]?.content;
      const flags =
        sent.flags === undefined ? undefined : [sent.flags].flat().reduce((sum, bit) => sum | bit, 0);
      said.push({ how, text, flags, to: sent.message });
      const message = { id: how, edit: note(`${how}.edit`) };
      return how === "reply" ? { resource: { message } } : message;
    };
  const answering = ["reply", "editReply", "followUp", "update", "deferReply", "deferUpdate", "showModal"];
  return {
    ...Object.fromEntries(answering.map((name) => [name, note(name)])),
    isMessageComponent: () => kind === "button",
    isModalSubmit: () => kind === "form",
    isFromMessage: () => kind === "form",
  } as unknown as AnswerableInteraction;
}

const answerTo = (kind: Kind, isPrivate = false): InteractionAnswer =>
  new InteractionAnswer(interaction(kind), isPrivate, silentLogger);
const panel = (text: string): Panel => ({ tone: "info", lines: [text] });
const slow = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1_500);
const howSaid = (): string[] =>
  said.map(({ how, text = "", to }) => [how, text, to].filter(Boolean).join(" "));

describe("a slash command", () => {
  it("that is answered soon shows no thinking, then changes its answer", async () => {
    const answer = answerTo("slash");
    const handle = await answer.reply(panel("one"));
    await slow();
    await handle.edit(panel("two"));
    await answer.reply(panel("three"));
    expect(howSaid()).toEqual(["reply one", "editReply two", "editReply three"]);
    expect(said[0]?.flags).toBe(IsComponentsV2);
  });

  it.each([
    [true, undefined, IsComponentsV2 | Ephemeral],
    [false, true, IsComponentsV2 | Ephemeral],
    [true, false, IsComponentsV2],
  ])(
    "is answered for the asker alone when it is private (%s) or the answer is (%s)",
    async (command, one, flags) => {
      await answerTo("slash", command).reply(panel("x"), one === undefined ? {} : { private: one });
      expect(said[0]?.flags).toBe(flags);
    },
  );

  it("that takes longer thinks first; Components V2 comes with the edit, never with the thinking", async () => {
    const answer = answerTo("slash", true);
    await slow();
    await answer.reply(panel("one"));
    expect(howSaid()).toEqual(["deferReply", "editReply one"]);
    expect(said.map(({ flags }) => flags)).toEqual([Ephemeral, IsComponentsV2]);
  });

  it("that is over says nothing more", async () => {
    answerTo("slash").close();
    await slow();
    expect(said).toEqual([]);
  });

  it("whose token has died is changed through its message", async () => {
    const handle = await answerTo("slash").reply(panel("one"));
    await vi.advanceTimersByTimeAsync(FIFTEEN_MINUTES_MS);
    await handle.edit(panel("two"));
    expect(howSaid()).toEqual(["reply one", "reply.edit two"]);
  });
});

describe.each(["button", "form"] as const)("a %s", (kind) => {
  it("changes its message at once, and once more", async () => {
    const answer = answerTo(kind, true);
    await answer.update(panel("one"));
    await answer.update(panel("two"));
    expect(howSaid()).toEqual(["update one", "editReply two"]);
  });

  it("that takes longer is taken note of, then changes its message", async () => {
    const answer = answerTo(kind, true);
    await slow();
    await answer.update(panel("one"));
    expect(howSaid()).toEqual(["deferUpdate", "editReply one"]);
  });

  it.each([
    ["at once", 0],
    ["late", 1_500],
  ] as const)(
    "answers with a message of its own %s and leaves the pressed one as it is",
    async (_when, waitMs) => {
      const answer = answerTo(kind, true);
      await vi.advanceTimersByTimeAsync(waitMs);
      const handle = await answer.reply(panel("one"));
      await handle.edit(panel("two"));
      const [first, second] = howSaid().slice(-2);
      expect(first).toBe(waitMs === 0 ? "reply one" : "followUp one");
      expect(second).toBe(waitMs === 0 ? "editReply two" : "editReply two followUp");
      expect(said.at(-2)?.flags).toBe(IsComponentsV2 | Ephemeral);
    },
  );

  it("that changed its message and then failed adds the reason instead of writing over it", async () => {
    const answer = answerTo(kind, true);
    await answer.update(panel("done"));
    await answer.reply(panel("but"));
    expect(howSaid()).toEqual(["update done", "followUp but"]);
  });
});

describe("a form to fill in", () => {
  const form = { id: "a:b:", title: "T", text: "x", fields: [{ name: "f", label: "L", maxLength: 3 }] };

  it("is opened as the first answer", async () => {
    const answer = answerTo("button");
    await answer.openForm(form);
    await slow();
    expect(said.map(({ how }) => how)).toEqual(["showModal"]);
  });

  it("cannot be opened later, nor from a form", async () => {
    const late = answerTo("button");
    await slow();
    await expect(late.openForm(form)).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(answerTo("form").openForm(form)).rejects.toMatchObject({ code: "INTERNAL" });
  });
});
