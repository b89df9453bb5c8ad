import { expect, it } from "vitest";
import { firstLink } from "../../src/command/first-link.ts";

it.each([
  ["see https://youtu.be/a_b-", "https://youtu.be/a_b-"],
  ["[this one](https://youtu.be/x), or that", "https://youtu.be/x"],
  ["[https://youtu.be/x](https://youtu.be/y)", "https://youtu.be/x"],
  ["(see https://youtu.be/x).", "https://youtu.be/x"],
  ["**https://youtu.be/x**, https://youtu.be/y", "https://youtu.be/x"],
  ["Is it https://youtu.be/watch?v=x?", "https://youtu.be/watch?v=x"],
  ["https://host/Song_(live).ogg", "https://host/Song_(live).ogg"],
  ["(https://host/Song_(live))!", "https://host/Song_(live)"],
  ["<https://youtu.be/x>", "https://youtu.be/x"],
  ["no link", undefined],
])("in %j the link is %j", (text, link) => {
  expect(firstLink(text)).toBe(link);
});
