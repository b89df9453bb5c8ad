import { describe, expect, it, vi } from "vitest";
import type { Preparation } from "../../src/core/preparation.ts";
import {
  loadingPanel,
  nowPlayingPanel,
  playedPanel,
  playlistPanel,
  progressBar,
  queuedPanel,
  songTitle,
  startingPanel,
} from "../../src/command/song-panels.ts";
import { en } from "../../src/texts/en/index.ts";
import { newEntry } from "../db/database.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { LOUNGE, setUp, song } from "../player/set-up.ts";

const track = youtubeTrack(youtubeId(1), { title: "Africa", artist: "Toto", durationMs: 295_000 });
const downloading = (receivedBytes: number, totalBytes: number | null): Preparation => ({
  status: "downloading",
  receivedBytes,
  totalBytes,
});

describe("the title of a song", () => {
  it.each([
    [{}, "**Toto – Africa**"],
    [{ artist: "" }, "**Africa**"],
    [{ title: "Toto - Africa" }, "**Toto - Africa**"],
    [{ title: "*A*", artist: "@everyone" }, "**\\@everyone – \\*A\\***"],
    [{ title: "\u200B", artist: "" }, `**${track.id}**`],
  ])("with %j is %s", (facts, shown) => {
    expect(songTitle({ ...track, ...facts })).toBe(shown);
  });
});

describe("the bar of a song that plays", () => {
  it.each([
    [0, "0:00 🔘▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬ 3:44"],
    [112_000, "1:52 ▬▬▬▬▬▬▬▬🔘▬▬▬▬▬▬▬ 3:44"],
    [224_000, "3:44 ▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬🔘 3:44"],
    [300_000, "5:00 ▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬🔘 3:44"],
  ])("at %d ms is %s", (positionMs, bar) => {
    expect(progressBar(positionMs, 224_000)).toBe(bar);
  });

  it("always has the same length, also for a song without one", () => {
    const cells = [0, 1, 50, 100, 1_000].map(
      (position) => progressBar(position, 100).match(/[▬🔘]/gu)?.length,
    );
    expect(new Set(cells)).toEqual(new Set([16]));
    expect(progressBar(5, 0)).toContain("🔘▬");
  });
});

describe("a song that is prepared", () => {
  it.each<[Preparation | null, string]>([
    [null, "Looking for it…"],
    [{ status: "starting" }, "Looking for it…"],
    [downloading(600_000, 1_000_000), "▓▓▓▓▓▓░░░░  60 % · 586 KiB of 977 KiB"],
    [downloading(999_999, 1_000_000), "▓▓▓▓▓▓▓▓▓▓  99 % · 977 KiB of 977 KiB"],
    [downloading(2_000_000, 1_000_000), "▓▓▓▓▓▓▓▓▓▓  100 % · 1.9 MiB of 977 KiB"],
    [downloading(600_000, null), "Downloading… 586 KiB"],
    [downloading(0, 0), "Downloading… 0 B"],
    [{ status: "normalizing" }, "Levelling the loudness…"],
  ])("at %j says %s", (preparation, line) => {
    expect(loadingPanel(track, preparation, en)).toMatchObject({
      tone: "waiting",
      lines: ["**Toto – Africa** · 4:55 · not in the cache yet", line],
      buttons: [{ label: "Cancel", id: "skip:press:" }],
    });
  });

  it("is shown without a length that nobody knows", () => {
    expect(loadingPanel({ ...track, durationMs: null }, null, en).lines[0]).toBe(
      "**Toto – Africa** · not in the cache yet",
    );
  });
});

describe("the answer to play", () => {
  it("for a cached song says so at once", () => {
    const cached = {
      ...newEntry(track.id),
      lastPlayedAtMs: 1,
      playCount: 61,
      pinned: false,
      state: "ready",
    } as const;
    expect(startingPanel({ ...song(1), track }, cached, en)).toMatchObject({
      title: "Now playing",
      lines: ["**Toto – Africa**", "Requested by <@ann> · ⚡ from cache (played 61 times before)"],
    });
  });

  it("for another is the first stage of preparing it", () => {
    expect(startingPanel({ ...song(1), track }, undefined, en)).toEqual(loadingPanel(track, null, en));
  });

  it("for a queued one tells its place", () => {
    const item = { ...song(1), track };
    expect(queuedPanel(item, 3, true, en).lines).toEqual([
      "Added **Toto – Africa** · 4:55 · number 3 in the queue · ⚡ cached",
    ]);
    expect(queuedPanel({ ...item, track: { ...track, durationMs: null } }, 1, false, en).lines).toEqual([
      "Added **Toto – Africa** · number 1 in the queue",
    ]);
  });

  it("tells where the song comes from, on each panel", () => {
    const item = { ...song(1), track, note: "From the attic." };
    const cached = {
      ...newEntry(track.id),
      lastPlayedAtMs: 1,
      playCount: 1,
      pinned: false,
      state: "ready",
    } as const;
    expect(startingPanel(item, cached, en).lines).toContain(item.note);
    expect(queuedPanel(item, 1, true, en).lines).toContain(item.note);
    const { session } = setUp();
    const audio = {
      outcome: "hit",
      bytes: 1,
      isArriving: false,
      isStored: true,
      durationMs: 1,
      playCount: 1,
      volumePercent: 100,
    } as const;
    expect(nowPlayingPanel({ session, item, audio, nowMs: 0, texts: en }).lines).toContain(item.note);
  });

  it("says when a song could not be kept", () => {
    const { session } = setUp();
    const audio = {
      outcome: "miss",
      bytes: 1,
      isArriving: false,
      isStored: false,
      durationMs: 1,
      playCount: 0,
      volumePercent: 100,
    } as const;
    const panel = nowPlayingPanel({ session, item: { ...song(1), track }, audio, nowMs: 0, texts: en });
    expect(panel.lines[1]).toBe("Requested by <@ann> · not saved in the cache");
  });

  it("for a playlist counts", () => {
    expect(playlistPanel(0, "done", en).lines).toEqual(["That playlist has nothing to play."]);
    expect(playlistPanel(1, "done", en).lines).toEqual(["Added **1 song** of the playlist to the queue."]);
    expect(playlistPanel(200, "cut", en).lines).toEqual([
      "Added **200 songs** of the playlist to the queue; more were left out.",
    ]);
  });
});

describe("the song that plays", () => {
  it("shows where it is, where it came from, and its controls; held, it says so in words", async () => {
    const bench = setUp();
    bench.voice.autoplay = false;
    const item = { ...song(1), track: { ...track, thumbnailUrl: "https://i.ytimg.com/a.jpg" } };
    bench.session.enqueue([item, song(2)], LOUNGE);
    await vi.waitFor(() => expect(bench.session.positionMs).toBe(60));
    const audio = {
      outcome: "miss",
      bytes: 4_300_000,
      isArriving: false,
      isStored: true,
      durationMs: 120_060,
      playCount: 0,
      volumePercent: 100,
    } as const;
    const view = { session: bench.session, item, audio, nowMs: 1_700_000_000_000, texts: en };
    expect(nowPlayingPanel(view)).toEqual({
      tone: "playing",
      title: "Now playing",
      lines: [
        "**Toto – Africa**",
        "Requested by <@ann> · saved to cache (4.1 MiB)",
        progressBar(60, 120_060),
      ],
      footer: "ends <t:1700000120:R> · 1 more in queue",
      picture: { url: "https://i.ytimg.com/a.jpg", alt: "Cover of Africa" },
      buttons: [
        { label: "⏮ Previous", id: "back:press:", style: "secondary" },
        { label: "⏸ Pause", id: "pause:press:", style: "secondary" },
        { label: "⏭ Skip", id: "skip:press:", style: "secondary" },
        { label: "📜 Queue", id: "queue:press:", style: "secondary" },
        { label: "⏹ Stop", id: "stop:press:", style: "danger" },
        { label: "🔁 Loop: off", id: "loop:turn:", style: "secondary" },
        { label: "🔀 Shuffle", id: "shuffle:press:", style: "secondary" },
        { label: "🔊 Volume", id: "volume:ask:", style: "secondary" },
      ],
    });
    expect(nowPlayingPanel({ ...view, audio: { ...audio, volumePercent: 40 } }).footer).toBe(
      "ends <t:1700000120:R> · volume 40 % · 1 more in queue",
    );
    bench.session.pause();
    expect(nowPlayingPanel(view)).toMatchObject({
      title: "Paused",
      footer: "paused · 1 more in queue",
      buttons: [{}, { id: "resume:press:" }, {}, {}, {}, {}, {}, {}],
    });
    const chapter = { ...item, startMs: 20, endMs: 20_020, chapter: "*One*" };
    expect(nowPlayingPanel({ ...view, item: chapter }).lines).toEqual([
      String.raw`**Toto – Africa** · \*One\*`,
      expect.any(String),
      progressBar(40, 20_000),
    ]);
  });

  it("shows no picture from a place that is not encrypted", () => {
    for (const thumbnailUrl of [
      "http://i.example/a.jpg",
      "javascript:alert(1)",
      "file:///etc/passwd",
      null,
    ]) {
      const item = { ...song(1), track: { ...track, thumbnailUrl } };
      const cached = {
        ...newEntry(track.id),
        lastPlayedAtMs: 1,
        playCount: 1,
        pinned: false,
        state: "ready",
      } as const;
      expect(startingPanel(item, cached, en)).not.toHaveProperty("picture");
    }
  });

  it("leaves one line when it is over", () => {
    const words = (["finished", "interrupted", "cancelled", "lost"] as const).map(
      (how) => playedPanel(song(1), how, en).lines[0]?.split(":")[0],
    );
    expect(words).toEqual(["Played", "Skipped", "Cancelled", "Interrupted"]);
  });
});

describe("a live stream", () => {
  const radio = { ...song(1), track: { ...track, durationMs: null, isLive: true } };
  const audio = {
    outcome: "miss",
    isLive: true,
    bytes: 0,
    isArriving: false,
    isStored: false,
    durationMs: 0,
    playCount: 0,
    volumePercent: 100,
  } as const;

  it("is connected to, and has no bar and no end", () => {
    expect(loadingPanel(radio.track, null, en).lines).toEqual(["**Toto – Africa** · 🔴 live", "Connecting…"]);
    const { session } = setUp();
    const panel = nowPlayingPanel({ session, item: radio, audio, nowMs: 0, texts: en });
    expect(panel.lines).toEqual(["**Toto – Africa**", "Requested by <@ann> · 🔴 live"]);
    expect(panel.footer).toBe("not saved in the cache");
  });
});

it("a song that passes faster ends sooner", () => {
  const { session } = setUp();
  const audio = {
    outcome: "hit",
    bytes: 1,
    isArriving: false,
    isStored: true,
    durationMs: 100_000,
    tempo: 1.25,
    playCount: 1,
    volumePercent: 100,
  } as const;
  const view = { session, item: { ...song(1), track }, audio, nowMs: 1_700_000_000_000, texts: en };
  expect(nowPlayingPanel(view).footer).toBe("ends <t:1700000080:R>");
});

it("a song that goes on by itself is nobody's", () => {
  const [line] = playedPanel({ ...song(1), origin: "autoplay" }, "finished", en).lines;
  expect(line).toContain("requested by autoplay");
  expect(playedPanel(song(1), "finished", en).lines[0]).toMatch(/requested by <@\w+>$/u);
});
