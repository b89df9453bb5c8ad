import { expect, it } from "vitest";
import { buttonId, errorPanel, parseButtonId } from "../../src/command/panel.ts";

it("finds the parts of a button's name again", () => {
  expect(parseButtonId(buttonId("queue", "page", "2:next"))).toEqual({
    command: "queue",
    press: "page",
    payload: "2:next",
  });
  expect(parseButtonId(buttonId("skip", "press"))).toEqual({ command: "skip", press: "press", payload: "" });
});

it.each(["", "queue", ":page", "queue:", "::"])("takes %j for somebody else's button", (id) => {
  expect(parseButtonId(id)).toBeUndefined();
});

it("says what went wrong, and how to find it in the log", () => {
  expect(errorPanel("No.")).toEqual({ tone: "error", lines: ["No."] });
  expect(errorPanel("No.", "k3f9")).toEqual({ tone: "error", lines: ["No."], footer: "ref k3f9" });
});
