import { expect, it } from "vitest";
import { fairOrder } from "../../src/policy/fair-order.ts";

/** Songs as `a1`: person and number. */
const order = (waiting: string, coming: string, current?: string): string =>
  fairOrder({
    waiting: waiting.split(" ").filter(Boolean),
    coming: coming.split(" ").filter(Boolean),
    current,
    personOf: (song) => song.charAt(0),
  }).join(" ");

it("lets people take turns, each with the songs in their order", () => {
  expect(order("", "a1 a2 a3 b1 b2 c1")).toBe("a1 b1 c1 a2 b2 a3");
});

it("puts a newcomer's first song before everybody's second one", () => {
  expect(order("a1 a2 a3", "b1 b2")).toBe("a1 b1 a2 b2 a3");
  expect(order("a1 b1 a2 a3", "c1")).toBe("a1 b1 c1 a2 a3");
});

it("counts the song that plays as its person's turn", () => {
  expect(order("a2 a3", "b1", "a1")).toBe("b1 a2 a3");
  expect(order("a2 a3 a4", "b2", "b1")).toBe("a2 a3 b2 a4");
});

it("adds at the end for a person alone", () => {
  expect(order("a1 a2", "a3 a4")).toBe("a1 a2 a3 a4");
  expect(order("a1", "")).toBe("a1");
  expect(order("", "")).toBe("");
});

it("leaves an order that was made by hand as it is", () => {
  expect(order("a1 a2 b1", "c1 b2")).toBe("a1 a2 b1 c1 b2");
});

it("gives the same however the songs come, at once or one after another", () => {
  const songs = ["a1", "b1", "a2", "a3", "c1", "b2", "c2", "a4"];
  const oneByOne = songs.reduce((waiting, song) => order(waiting, song), "");
  expect(oneByOne).toBe(order("", songs.join(" ")));
});

it("orders a long list in one go", () => {
  const coming = Array.from({ length: 10_000 }, (_, index) => ({ person: String(index % 97), index }));
  const ordered = fairOrder({ waiting: [], coming, current: undefined, personOf: ({ person }) => person });
  expect(ordered).toEqual(coming);
});
