import { expect, it } from "vitest";
import { withSection } from "../../src/core/marked-section.ts";

const text = "before\n<!-- a:begin -->\nold\n<!-- a:end -->\nafter";

it("a section between its marks is replaced, and nothing around it", () => {
  expect(withSection(text, "a", "new $&")).toBe("before\n<!-- a:begin -->\nnew $&\n<!-- a:end -->\nafter");
});

it.each(["# Encore", "<!-- a:end --><!-- a:begin -->", "<!-- a:begin -->"])(
  "%j has no such section",
  (broken) => {
    expect(withSection(broken, "a", "new")).toBeUndefined();
  },
);
