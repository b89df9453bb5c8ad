import { beforeEach, expect, it } from "vitest";
import { createKeepRules, type KeepRuleStore } from "../../src/app/keep-rules.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { freshDatabase } from "../db/database.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

const song = youtubeTrack(youtubeId(1), { artist: "Beyoncé" });

let rules: KeepRuleStore;

beforeEach(async () => {
  rules = createKeepRules(new GuildSettings(await freshDatabase()));
});

it("stores every song where nobody said otherwise", async () => {
  expect(await rules.isKept(song, "here")).toBe(true);
  expect(await rules.ruleOf("here", { kind: "guild" })).toBeUndefined();
});

it("obeys a guild about its own songs alone, until it takes that back", async () => {
  await rules.setRule("here", { kind: "guild" }, "never");
  expect(await rules.isKept(song, "here")).toBe(false);
  expect(await rules.isKept(song, "elsewhere")).toBe(true);
  await rules.setRule("here", { kind: "guild" }, undefined);
  expect(await rules.isKept(song, "here")).toBe(true);
});

it.each(["beyonce", " BEYONCÉ ", "Beyonce\u0301"])("knows a channel by %j", async (name) => {
  await rules.setRule("here", { kind: "channel", name }, "never");
  expect(await rules.isKept(song, "here")).toBe(false);
  expect(await rules.isKept({ ...song, artist: "Beyond" }, "here")).toBe(true);
  expect(await rules.isKept({ ...song, artist: "" }, "here")).toBe(true);
});

it("lets the nearer rule decide", async () => {
  await rules.setRule("here", { kind: "source", name: "youtube" }, "never");
  expect(await rules.isKept(song, "here")).toBe(false);
  expect(await rules.isKept({ ...song, source: "direct" }, "here")).toBe(true);
  await rules.setRule("here", { kind: "channel", name: "Beyoncé" }, "always");
  expect(await rules.isKept(song, "here")).toBe(true);
});
