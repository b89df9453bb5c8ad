import { expect, it } from "vitest";
import { roomsOf, scopeText } from "../../src/command/keep-scope.ts";
import type { KeepScope } from "../../src/policy/admission.ts";
import { en } from "../../src/texts/en/index.ts";

it.each<[KeepScope, string]>([
  [{ kind: "guild" }, "Songs asked for in this server"],
  [{ kind: "channel", name: "*A*" }, "Songs of **\\*A\\*** asked for in this server"],
  [{ kind: "source", name: "direct" }, "Songs from **direct** asked for in this server"],
  [{ kind: "playlist", name: "PL1" }, "Songs of the playlist `PL1` asked for in this server"],
  [{ kind: "room", name: "1" }, "Songs asked for in <#1>"],
  [{ kind: "longer", minutes: 45 }, "Songs longer than 45 min asked for in this server"],
])("says of %j which songs it is about", (scope, text) => {
  expect(scopeText(scope, en)).toBe(text);
});

it("counts the text channel and the voice channel of the asker as rooms", () => {
  expect(roomsOf({ textChannelId: "1", voiceChannel: undefined })).toEqual(["1"]);
  expect(
    roomsOf({ textChannelId: "1", voiceChannel: { guildId: "g", channelId: "2", name: "Lounge" } }),
  ).toEqual(["1", "2"]);
});
