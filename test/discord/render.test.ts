import { MessageFlags } from "discord.js";
import { describe, expect, it } from "vitest";
import type { Panel } from "../../src/command/panel.ts";
import { renderForm, renderPanel } from "../../src/discord/render.ts";
import { buttonsIn, type Component, textIn, walk } from "../sandbox/discord/components.ts";

const PANEL: Panel = { tone: "info", title: "Title", lines: ["one", "two"], footer: "small" };

function rendered(panel: Panel): Component[] {
  return renderPanel(panel).components.map((component) => component.toJSON() as unknown as Component);
}

describe("a panel", () => {
  it("is one container with a heading, its lines and small print", () => {
    const [container, ...others] = rendered(PANEL);
    expect(others).toEqual([]);
    expect(container?.type).toBe(17);
    expect(textIn([container!])).toBe("### Title\none\ntwo\n-# small");
  });

  it("is sent as Components V2 and pings nobody", () => {
    const { flags, allowedMentions } = renderPanel(PANEL);
    expect(flags).toBe(MessageFlags.IsComponentsV2);
    expect(allowedMentions).toEqual({ parse: [], repliedUser: false });
  });

  it("shows a picture with words for those who cannot see it", () => {
    const picture = { url: "https://i.ytimg.com/vi/x/y.jpg", alt: "a".repeat(2000) };
    const thumbnail = [...walk(rendered({ ...PANEL, picture }))].find(({ type }) => type === 11);
    expect(thumbnail).toMatchObject({ media: { url: picture.url }, description: "a".repeat(1024) });
  });

  it("has its buttons in rows of five", () => {
    const buttons = Array.from({ length: 8 }, (_, number) => ({
      label: `Button ${number}`,
      id: `x:y:${number}`,
      style: "secondary" as const,
    }));
    const rows = [...walk(rendered({ ...PANEL, buttons }))].filter(({ type }) => type === 1);
    expect(rows.map(({ components = [] }) => components.length)).toEqual([5, 3]);
  });

  it("has its buttons in one row, with labels, ids and who is switched off", () => {
    const buttons = [
      { label: "Go", id: "play:press:", style: "primary", disabled: true },
      { label: "Delete", id: "cache:delete:1", style: "danger" },
    ] as const;
    expect(buttonsIn(rendered({ ...PANEL, buttons }))).toEqual([
      { label: "Go", customId: "play:press:", style: 1, disabled: true },
      { label: "Delete", customId: "cache:delete:1", style: 4, disabled: false },
    ]);
    expect([...walk(rendered({ ...PANEL, buttons }))].filter(({ type }) => type === 1)).toHaveLength(1);
    expect([...walk(rendered({ ...PANEL, buttons: [] }))].filter(({ type }) => type === 1)).toEqual([]);
  });

  it("has a list to choose from below its buttons", () => {
    const options = [
      { label: "One", value: "1" },
      { label: "Two", value: "2", isChosen: true },
    ];
    const panel: Panel = { ...PANEL, menu: { id: "help:page:", placeholder: "More", options } };
    expect([...walk(rendered(panel))].find(({ type }) => type === 3)).toMatchObject({
      custom_id: "help:page:",
      placeholder: "More",
      options: [
        { label: "One", value: "1", default: false },
        { label: "Two", value: "2", default: true },
      ],
    });
    expect([...walk(rendered(PANEL))].some(({ type }) => type === 3)).toBe(false);
  });

  it("that says too much is cut within Discord's limit, and never in the middle of a character", () => {
    for (const line of ["x".repeat(5000), `a${"😀".repeat(2500)}`, String.raw`\*`.repeat(2500)]) {
      const text = textIn(rendered({ tone: "info", lines: [line] }));
      expect(text.length).toBeLessThanOrEqual(3501);
      expect(text.endsWith("…")).toBe(true);
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toMatch(/�|(?<!\\)(?:\\\\)*\\…$/u);
    }
  });
});

describe("a form", () => {
  it("asks several questions, some of them at length, some not at all costs, some answered before", () => {
    const form = renderForm({
      id: "playlist:import:",
      title: "Import",
      fields: [
        { name: "name", label: "Name", maxLength: 50, value: "Old one" },
        { name: "songs", label: "Songs", maxLength: 4000, isLong: true, isOptional: true },
      ],
    }).toJSON() as unknown as { components: Component[] };
    expect(form.components.map(({ type, label }) => [type, label])).toEqual([
      [18, "Name"],
      [18, "Songs"],
    ]);
    expect([...walk(form.components)].filter(({ type }) => type === 4)).toMatchObject([
      { custom_id: "name", style: 1, required: true, max_length: 50, value: "Old one" },
      { custom_id: "songs", style: 2, required: false, max_length: 4000 },
    ]);
  });

  it("asks one question", () => {
    const form = renderForm({
      id: "cache_clear:confirm:",
      title: "Delete?",
      text: "All of it.",
      fields: [{ name: "count", label: "Type 6", maxLength: 12 }],
    }).toJSON() as unknown as { custom_id: string; title: string; components: Component[] };
    expect(form).toMatchObject({ custom_id: "cache_clear:confirm:", title: "Delete?" });
    expect(textIn(form.components)).toBe("All of it.");
    const field = [...walk(form.components)].find(({ type }) => type === 4);
    expect(field).toMatchObject({ custom_id: "count", required: true, max_length: 12 });
  });
});
