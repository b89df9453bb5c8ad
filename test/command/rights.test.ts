import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CommandContext } from "../../src/command/context.ts";
import { decidesAlone, requireRight } from "../../src/command/rights.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";
import { LOUNGE, song } from "../player/set-up.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  desk.chosen = { djRole: "12345678901234567" };
  desk.bench.voice.autoplay = false;
});

const bob = (more: Partial<CommandContext> = {}): CommandContext =>
  desk.context({ actor: BOB, listenerIds: ["ann", "bob"], ...more });
const byBob = { ...song(2), requestedBy: { id: "bob", name: "Bob" } };

describe("rights", () => {
  it("about the song that plays are those of whoever asked for it", async () => {
    const { session } = bob();
    expect(() => requireRight(bob(), "song.control")).toThrow("Only people with the role");
    session.enqueue([byBob], LOUNGE);
    await vi.waitFor(() => expect(session.state.status).toBe("playing"));
    expect(() => requireRight(bob(), "song.control")).not.toThrow();
    expect(() => requireRight(bob(), "queue.control")).toThrow("Only people with the role");
    expect(() => requireRight(bob(), "song.control", [byBob, song(1)])).toThrow("Only people with the role");
    expect(decidesAlone(bob())).toBe(true);
    expect(decidesAlone(bob(), [song(1)])).toBe(false);
    await session.stop();
  });

  it("are all of them for who is alone with the bot", () => {
    expect(() => requireRight(bob({ listenerIds: ["bob"] }), "queue.control")).not.toThrow();
    expect(() => requireRight(bob({ listenerIds: ["ann"] }), "queue.control")).toThrow("Only people");
    expect(() => requireRight(bob({ listenerIds: [] }), "queue.control")).toThrow("Only people");
  });

  it("are all of them for who is deafened beside the bot while nobody hears it", async () => {
    const { session } = bob();
    session.enqueue([song(1)], LOUNGE);
    await vi.waitFor(() => expect(session.state.status).toBe("playing"));
    expect(() => requireRight(bob({ listenerIds: [] }), "queue.control")).not.toThrow();
    const away = bob({ listenerIds: [], voiceChannel: undefined });
    expect(() => requireRight(away, "queue.control")).toThrow("Only people");
    await session.stop();
  });

  it("are everyone's where no DJ role is set", () => {
    desk.chosen = {};
    expect(() => requireRight(bob(), "queue.control")).not.toThrow();
    expect(() => requireRight(bob(), "guild.manage")).toThrow("Only people with Manage Server may do that.");
    expect(decidesAlone(bob())).toBe(false);
  });
});
