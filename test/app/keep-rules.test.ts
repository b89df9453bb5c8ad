import { beforeEach, expect, it } from "vitest";
import { allKeepRules, createKeepRules, type KeepRuleStore } from "../../src/app/keep-rules.ts";
import type { KeepScope } from "../../src/policy/admission.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { freshDatabase } from "../db/database.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";

const song = youtubeTrack(youtubeId(1), { artist: "Beyoncé" });

let settings: GuildSettings;
let rules: KeepRuleStore;

beforeEach(async () => {
  settings = new GuildSettings(await freshDatabase());
  rules = createKeepRules(settings);
});

it("stores every song where nobody said otherwise", async () => {
  expect(await rules.isKept(song, { guildId: "here" })).toBe(true);
  expect(await rules.rulesOf("here")).toEqual([]);
});

it("obeys a guild about its own songs alone, until it takes that back", async () => {
  await rules.setRule("here", { kind: "guild" }, "never");
  expect(await rules.isKept(song, { guildId: "here" })).toBe(false);
  expect(await rules.isKept(song, { guildId: "elsewhere" })).toBe(true);
  await rules.setRule("here", { kind: "guild" }, undefined);
  expect(await rules.isKept(song, { guildId: "here" })).toBe(true);
});

it.each(["beyonce", " BEYONCÉ ", "Beyonce\u0301"])("knows a channel by %j", async (name) => {
  await rules.setRule("here", { kind: "channel", name }, "never");
  expect(await rules.isKept(song, { guildId: "here" })).toBe(false);
  expect(await rules.isKept({ ...song, artist: "Beyond" }, { guildId: "here" })).toBe(true);
  expect(await rules.isKept({ ...song, artist: "" }, { guildId: "here" })).toBe(true);
});

it("lets the nearer rule decide", async () => {
  await rules.setRule("here", { kind: "source", name: "youtube" }, "never");
  expect(await rules.isKept(song, { guildId: "here" })).toBe(false);
  expect(await rules.isKept({ ...song, source: "direct" }, { guildId: "here" })).toBe(true);
  await rules.setRule("here", { kind: "channel", name: "Beyoncé" }, "always");
  expect(await rules.isKept(song, { guildId: "here" })).toBe(true);
});

const SCOPES: readonly KeepScope[] = [
  { kind: "channel", name: "toto" },
  { kind: "guild" },
  { kind: "longer", minutes: 45 },
  { kind: "playlist", name: "PLlist:a" },
  { kind: "room", name: "123456789012345678" },
  { kind: "shorter", minutes: 1 },
  { kind: "source", name: "direct" },
];

it("gives back every kind of rule as it was set, one per scope, and forgets those taken back", async () => {
  for (const scope of SCOPES) {
    await rules.setRule("here", scope, "always");
    await rules.setRule("here", scope, "never");
  }
  await rules.setRule("elsewhere", { kind: "guild" }, "always");
  await settings.set("here", "audio-profile", "night");
  expect(await rules.rulesOf("here")).toEqual(SCOPES.map((scope) => ({ scope, verdict: "never" })));
  expect(await allKeepRules(settings)).toEqual([
    { guildId: "elsewhere", scope: { kind: "guild" }, verdict: "always" },
    ...SCOPES.map((scope) => ({ guildId: "here", scope, verdict: "never" })),
  ]);
  for (const scope of SCOPES) await rules.setRule("here", scope, undefined);
  expect(await rules.rulesOf("here")).toEqual([]);
});
