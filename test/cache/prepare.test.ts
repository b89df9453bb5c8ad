import { stat } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { Gate } from "../fakes/gate.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { NEVER, PROFILE, setUp } from "./set-up.ts";

const song = youtubeTrack(youtubeId(0));
const request = { profile: PROFILE, guildId: "guild" };

describe("a song that is fetched for later", () => {
  it("is there when it is asked for, and counts as no play until then", async () => {
    const bench = await setUp();
    expect(await bench.cache.prepare(song, request, NEVER)).toBe("fetched");
    expect((await stat(bench.file(song))).size).toBeGreaterThan(0);
    expect(await bench.cache.prepare(song, request, NEVER)).toBe("there already");
    expect(await bench.cache.peek(song, PROFILE)).toMatchObject({ playCount: 0, lastPlayedAtMs: null });
    const audio = await bench.ask(song);
    expect(audio.outcome).toBe("hit");
    expect(bench.events()).toEqual(["cache.miss", "cache.published"]);
    audio.started();
    audio.started();
    await audio.close();
    expect(bench.events()).toEqual(["cache.miss", "cache.published", "cache.hit"]);
    await vi.waitFor(async () =>
      expect(await bench.plays.countSince(0)).toEqual({ hits: 1, misses: 0, shared: 0 }),
    );
    expect(await bench.cache.peek(song, PROFILE)).toMatchObject({ playCount: 1 });
  });

  it("shares its download with whoever wants to hear it now", async () => {
    const bench = await setUp();
    const gate = new Gate();
    bench.source.script(song.id, { waitAt: { share: 0.5, gate } });
    const later = bench.cache.prepare(song, request, NEVER);
    await gate.reached;
    const now = bench.ask(song);
    gate.open();
    const audio = await now;
    await audio.close();
    expect(await later).toBe("fetched");
    expect(audio.outcome).toBe("shared");
    expect(bench.source.downloads).toHaveLength(1);
  });

  it("tells why it cannot be had", async () => {
    const bench = await setUp();
    bench.source.script(song.id, { failure: new AppError("PRIVATE_VIDEO") });
    await expect(bench.cache.prepare(song, request, NEVER)).rejects.toMatchObject({ code: "PRIVATE_VIDEO" });
    await bench.cache.close();
    await expect(bench.cache.prepare(song, request, NEVER)).rejects.toMatchObject({ code: "ABORTED" });
  });
});
