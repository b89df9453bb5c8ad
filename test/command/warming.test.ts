import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Prepared } from "../../src/command/cache-tools.ts";
import { type Panel, parseButtonId } from "../../src/command/panel.ts";
import { Warming, type WarmWish } from "../../src/command/warming.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Track } from "../../src/core/track.ts";
import { en } from "../../src/texts/en/index.ts";
import { FakeClock } from "../fakes/clock.ts";
import { Gate } from "../fakes/gate.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { fakeHandle } from "../fakes/message-handle.ts";

const never = new AbortController().signal;

let clock: FakeClock;
let warming: Warming;
let panels: Panel[];
let prepared: string[];

beforeEach(() => {
  clock = new FakeClock();
  warming = new Warming({ clock, log: new RecordingLogger() });
  panels = [];
  prepared = [];
});

async function* list(count: number): AsyncGenerator<Track> {
  for (let number = 0; number < count; number += 1)
    yield youtubeTrack(youtubeId(number % 100), { title: `Song ${number}` });
}

/** A list of so many songs; each is prepared by `how`. */
function wish(count: number, how: (id: string) => Promise<Prepared> = async () => "fetched"): WarmWish {
  return {
    songs: async () => list(count),
    prepare: async ({ id }) => {
      prepared.push(id);
      return await how(id);
    },
    answer: async (panel) => {
      panels.push(panel);
      return fakeHandle((next) => panels.push(next));
    },
    texts: en,
  };
}

async function ended(title = "Songs fetched for later"): Promise<string> {
  await warming.settled;
  await vi.waitFor(() => expect(panels.at(-1)?.title).toBe(title));
  return panels.at(-1)?.lines.join("\n") ?? "";
}
const cancelNumber = (): string => parseButtonId(panels[0]?.buttons?.[0]?.id ?? "")?.payload ?? "";

describe("fetching a list for later", () => {
  it("takes one song after the other and tells the numbers in one message", async () => {
    let running = 0;
    const answers: Prepared[] = ["fetched", "there already", "fetched"];
    await warming.start(
      wish(3, async () => {
        expect((running += 1)).toBe(1);
        clock.advance(10_000);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return answers.shift() ?? "fetched";
      }),
      never,
    );
    expect(await ended()).toBe("**2 songs** fetched · 1 song there already\nAll songs were looked at.");
    expect(prepared).toEqual([0, 1, 2].map(youtubeId));
    expect(panels.flatMap(({ lines }) => lines)).toEqual(
      expect.arrayContaining(["Reading the playlist…", "Now: **Somebody – Song 1**"]),
    );
    expect(panels.at(-1)?.buttons).toBeUndefined();
  });

  it("draws no oftener than every three seconds", async () => {
    await warming.start(wish(50), never);
    await ended();
    expect(panels.length).toBeLessThanOrEqual(3);
  });

  it("goes on past songs that cannot be fetched, and says how many", async () => {
    await warming.start(
      wish(4, async (id) => {
        if (id === youtubeId(1)) throw new AppError("PRIVATE_VIDEO");
        return "fetched";
      }),
      never,
    );
    expect(await ended()).toContain(
      "**3 songs** fetched · 0 songs there already · 1 song could not be fetched",
    );
    expect(panels.at(-1)?.tone).toBe("warning");
  });

  it("asks a source that always refuses no more than five times", async () => {
    await warming.start(
      wish(50, () => Promise.reject(new AppError("RATE_LIMITED"))),
      never,
    );
    expect(await ended()).toMatch(
      /Stopped after 5 failures in a row\. The last one: The source is limiting/u,
    );
    expect(prepared).toHaveLength(5);
  });

  it("goes on with a source that refuses only now and then", async () => {
    let asked = 0;
    await warming.start(
      wish(20, async () => {
        if ((asked += 1) % 3 > 0) throw new AppError("SOURCE_UNREACHABLE");
        return "fetched";
      }),
      never,
    );
    expect(await ended()).toContain(
      "**6 songs** fetched · 0 songs there already · 14 songs could not be fetched",
    );
  });

  it("stops when there is no room, and after 200 songs", async () => {
    await warming.start(
      wish(50, async () => "unstored"),
      never,
    );
    expect(await ended()).toContain("songs are not being stored now");
    expect(prepared).toHaveLength(1);
    await warming.start(wish(500), never);
    await vi.waitFor(() => expect(prepared).toHaveLength(201));
    expect(await ended()).toContain("only its first 200 songs");
  });

  it("says why a list cannot be read, and is free for another", async () => {
    const unreadable = { ...wish(1), songs: () => Promise.reject(new AppError("PLAYLIST_UNAVAILABLE")) };
    await warming.start(unreadable, never);
    expect(await ended()).toContain("That playlist does not exist");
    await warming
      .start({ ...wish(1), answer: () => Promise.reject(new Error("no such channel")) }, never)
      .catch(() => undefined);
    await expect(warming.start(wish(1), never)).resolves.toBeUndefined();
  });

  it("is refused while another list is being fetched", async () => {
    const gate = new Gate();
    await warming.start(
      wish(2, async () => (await gate.pass(), "fetched")),
      never,
    );
    await gate.reached;
    await expect(warming.start(wish(1), never)).rejects.toMatchObject({ code: "WARMING_BUSY" });
    gate.open();
    await ended();
  });
});

describe("a list that is being fetched", () => {
  it.each(["cancelled", "shut down"])("ends at once when it is %s", async (how) => {
    const down = new AbortController();
    const gate = new Gate();
    const waits: WarmWish = {
      ...wish(9),
      prepare: async (track, signal) => {
        prepared.push(track.id);
        await gate.pass();
        if (signal.aborted) throw new AppError("ABORTED");
        return "fetched";
      },
    };
    await warming.start(waits, down.signal);
    await gate.reached;
    if (how === "cancelled") warming.cancel(cancelNumber());
    else down.abort();
    gate.open();
    expect(await ended()).toBe("**0 songs** fetched · 0 songs there already\nCancelled.");
    expect(prepared).toHaveLength(1);
  });

  it("is not ended by the button of another one", async () => {
    await warming.start(wish(1), never);
    const old = cancelNumber();
    await ended();
    expect(warming.cancel(old)).toBe(false);
    const gate = new Gate();
    await warming.start(
      wish(2, async () => (await gate.pass(), "fetched")),
      never,
    );
    await gate.reached;
    expect(warming.cancel(old)).toBe(false);
    gate.open();
    await warming.settled;
    expect(prepared).toHaveLength(3);
  });
});
