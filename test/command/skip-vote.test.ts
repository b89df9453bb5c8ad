import { beforeEach, expect, it, vi } from "vitest";
import type { CommandContext } from "../../src/command/context.ts";
import { voteToSkip } from "../../src/command/skip-vote.ts";
import type { Actor } from "../../src/policy/permission.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";
import { LOUNGE, song } from "../player/set-up.ts";

const EVE: Actor = { ...BOB, id: "eve", name: "Eve" };
const DAN: Actor = { ...BOB, id: "dan", name: "Dan" };

let desk: Desk;

beforeEach(async () => {
  desk = new Desk();
  desk.chosen = { voteSkip: "on", voteSkipPercent: "50" };
  desk.bench.voice.autoplay = false;
  const { session } = desk.context();
  session.enqueue([song(1), song(2)], LOUNGE);
  await vi.waitUntil(() => session.state.status === "playing");
});

const by = (actor: Actor, more: Partial<CommandContext> = {}): CommandContext =>
  desk.context({ actor, listenerIds: ["ann", "bob", "eve", "dan"], ...more });

it("the listeners end a song of somebody else's together", () => {
  expect(voteToSkip(by(BOB))).toEqual({ votes: 1, needed: 2, isPassed: false });
  expect(voteToSkip(by(BOB))).toEqual({ votes: 1, needed: 2, isPassed: false });
  expect(voteToSkip(by(EVE))).toBeUndefined();
});

it("votes are for one song, and of those who still listen", async () => {
  voteToSkip(by(BOB));
  expect(voteToSkip(by(EVE, { listenerIds: ["ann", "eve", "dan"] }))).toMatchObject({ votes: 1, needed: 2 });
  const { session } = desk.context();
  session.skip();
  await vi.waitFor(() => expect(session.state).toMatchObject({ item: { id: "2" }, status: "playing" }));
  expect(voteToSkip(by(DAN))).toMatchObject({ votes: 1 });
});

it("votes are not for the same song when it is repeated", async () => {
  const { session } = desk.context();
  session.loop = "track";
  voteToSkip(by(BOB));
  desk.bench.voice.link.finish();
  await vi.waitFor(() => expect(desk.bench.counted).toEqual(["1", "1"]));
  expect(session.state).toMatchObject({ status: "playing", item: { id: "1" } });
  expect(voteToSkip(by(EVE))).toMatchObject({ votes: 1 });
});

it("requesters, DJs, managers and who listens alone do not wait for votes", () => {
  const own = { ...BOB, id: "ann" };
  expect(voteToSkip(by(own))).toBeUndefined();
  expect(voteToSkip(by({ ...BOB, isManager: true }))).toBeUndefined();
  expect(voteToSkip(by(BOB, { listenerIds: ["bob"] }))).toBeUndefined();
  desk.chosen = { ...desk.chosen, djRole: "12345678901234567" };
  expect(voteToSkip(by({ ...BOB, roleIds: ["12345678901234567"] }))).toBeUndefined();
  expect(voteToSkip(by(BOB))).toMatchObject({ votes: 1 });
});

it("without voting it is a right: everyone's, or of DJs where there are some", () => {
  desk.chosen = {};
  expect(voteToSkip(by(BOB))).toBeUndefined();
  desk.chosen = { djRole: "12345678901234567" };
  expect(() => voteToSkip(by(BOB))).toThrow("Only people with the role");
});
