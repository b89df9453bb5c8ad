import { expect, it } from "vitest";
import { limitKbpsOf } from "../../src/policy/bitrate.ts";

it.each([
  ["nothing that is known", undefined, undefined],
  ["what Discord gives to every new channel", 64, undefined],
  ["more than that", 384, undefined],
  ["less, which somebody has chosen", 32, 32],
  ["the least there is", 8, 8],
])("for a channel with %s", (_what, channelKbps, limit) => {
  expect(limitKbpsOf(channelKbps)).toBe(limit);
});
