/** What commands answer, in every language, when people ask for songs with nasty names. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Panel } from "../../src/command/panel.ts";
import { renderPanel } from "../../src/discord/render.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import { harmOf, NASTY_TITLES } from "../fakes/nasty-titles.ts";
import { type Component, textIn } from "../sandbox/discord/components.ts";
import { checkMessage } from "../sandbox/discord/message-rules.ts";
import { OpenApiCheck } from "../sandbox/discord/openapi.ts";
import { evening, LINES, UNUSED } from "./evening.ts";

const SEND = "POST /channels/{channel_id}/messages";

/** A panel as Discord would get it. */
function bodyOf(panel: Panel) {
  const { flags, components, allowedMentions } = renderPanel(panel);
  const { parse, repliedUser: replied_user } = allowedMentions;
  const plain = components.map((component) => component.toJSON() as unknown as Component);
  return { flags, components: plain, allowed_mentions: { parse, replied_user } };
}

/** A file is named in the message and sent beside it. */
const attachmentsOf = ({ file }: Panel) => (file ? [{ filename: file.name }] : []);

it("every command and subcommand has its say", () => {
  expect(UNUSED).toEqual([]);
});

describe.each(Object.entries(LANGUAGES))("answers in %s", (code, texts) => {
  it("read well", async () => {
    const panels = await evening("Africa *live*", texts);
    const all = panels.map((panel) =>
      [textIn(bodyOf(panel).components), ...(panel.buttons ?? []).map(({ label }) => `[${label}]`)].join(
        "\n",
      ),
    );
    const file = path.join(import.meta.dirname, "replies", `${code}.txt`);
    await expect(`${[...new Set(all)].join("\n\n")}\n`).toMatchFileSnapshot(file);
  });

  it.each(NASTY_TITLES)("do no harm with %j, and are what Discord takes", async (title) => {
    const panels = await evening(title, texts);
    expect(panels.length).toBeGreaterThanOrEqual(LINES.length);
    for (const panel of panels) {
      const body = bodyOf(panel);
      const text = textIn(body.components);
      expect(harmOf(text)).toBeUndefined();
      expect(text).not.toMatch(/undefined|NaN|\[object/u);
      expect(OpenApiCheck.shared().problems(SEND, body)).toEqual([]);
      checkMessage({ ...body, content: "", embeds: [], attachments: attachmentsOf(panel) });
    }
  });
});
