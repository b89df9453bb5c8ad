import { describe, expect, it } from "vitest";
import { countVotes, SkipVotes } from "../../src/policy/votes.ts";

const people = (count: number): string[] => Array.from({ length: count }, (_, number) => `person ${number}`);
const count = (listeners: number, votes: number, percent = 50) =>
  countVotes({ listenerIds: people(listeners), voterIds: new Set(people(votes)), percent });

describe("a vote", () => {
  it.each([
    [1, 50, 1],
    [2, 50, 1],
    [3, 50, 2],
    [4, 50, 2],
    [5, 50, 3],
    [3, 1, 1],
    [3, 100, 3],
    [10, 60, 6],
    [7, 30, 3],
    [0, 50, 1],
  ])("of %i listeners at %i %% needs %i", (listeners, percent, needed) => {
    expect(count(listeners, 0, percent)).toEqual({ votes: 0, needed, isPassed: false });
    expect(count(listeners, needed - 1, percent).isPassed).toBe(false);
    expect(count(listeners, needed, percent).isPassed).toBe(needed <= listeners);
  });

  it("of somebody who has left does not count any more", () => {
    const voterIds = new Set(["person 0", "gone", "gone too"]);
    expect(countVotes({ listenerIds: people(4), voterIds, percent: 50 })).toEqual({
      votes: 1,
      needed: 2,
      isPassed: false,
    });
  });
});

describe("a poll", () => {
  it("knows who has voted, once each, per guild", () => {
    const votes = new SkipVotes();
    votes.add("attic", "song 1", "ann");
    votes.add("attic", "song 1", "ann");
    expect([...votes.add("attic", "song 1", "bob")]).toEqual(["ann", "bob"]);
    expect([...votes.add("cellar", "song 1", "eve")]).toEqual(["eve"]);
  });

  it("ends with its song, also when that is played once more", () => {
    const votes = new SkipVotes();
    for (const guildId of ["attic", "cellar"]) votes.add(guildId, "song 1", "ann");
    votes.onEnded({ guildId: "attic" });
    expect([...votes.add("attic", "song 1", "bob")]).toEqual(["bob"]);
    expect([...votes.add("cellar", "song 1", "bob")]).toEqual(["ann", "bob"]);
  });

  it("ends with another song", () => {
    const votes = new SkipVotes();
    votes.add("attic", "song 1", "ann");
    expect([...votes.add("attic", "song 2", "bob")]).toEqual(["bob"]);
  });
});
