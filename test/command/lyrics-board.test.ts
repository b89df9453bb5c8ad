import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LyricsBoard, type LyricsView } from "../../src/command/lyrics-board.ts";
import type { PlayableAudio } from "../../src/player/playable-audio.ts";
import type { SessionState } from "../../src/player/play-loop.ts";
import { versesOf } from "../../src/policy/verses.ts";
import { FakeClock } from "../fakes/clock.ts";
import { song } from "../player/set-up.ts";
import { fakeHandle } from "../fakes/message-handle.ts";

const item = song(1);
/** Verses at 10, 30, 50, … s. */
const VIEW: LyricsView = {
  verses: versesOf(
    Array.from({ length: 10 }, (_, verse) => ({ atMs: 10_000 + verse * 20_000, text: `verse ${verse}` })),
  ),
  panel: (at) => ({
    tone: "info",
    lines: [at === "over" ? "over" : (at.current?.lines[0] ?? "nothing yet")],
  }),
};

function playing(tempo = 1): SessionState {
  return { status: "playing", item, audio: { tempo } as PlayableAudio };
}

let clock: FakeClock;
let board: LyricsBoard;
let shown: (string | undefined)[];
let gone: boolean;
let session: { guildId: string; positionMs: number; state: SessionState };

const handle = fakeHandle((panel) => {
  if (gone) throw new Error("Unknown Message");
  shown.push(panel.lines[0]);
});

beforeEach(() => {
  vi.useFakeTimers();
  clock = new FakeClock();
  board = new LyricsBoard(clock);
  shown = [];
  gone = false;
  session = { guildId: "here", positionMs: 0, state: playing() };
});
afterEach(() => {
  vi.useRealTimers();
});

/** The song goes on for so long, and so does everything else. */
async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds * 10; passed += 1) {
    clock.advance(100);
    if (session.state.status === "playing") session.positionMs += 100 * (session.state.audio.tempo ?? 1);
    await vi.advanceTimersByTimeAsync(100);
  }
}

describe("a message with lyrics", () => {
  it("is changed when the song comes to another verse, and at no other time", async () => {
    board.follow({ session, item }, VIEW, handle);
    await pass(9.9);
    expect(shown).toEqual([]);
    await pass(0.2);
    expect(shown).toEqual(["verse 0"]);
    await pass(60);
    expect(shown).toEqual(["verse 0", "verse 1", "verse 2", "verse 3"]);
  });

  it("waits with one timer, and with none while the song is held", async () => {
    board.follow({ session, item }, VIEW, handle);
    expect(vi.getTimerCount()).toBe(1);
    session.state = { status: "paused", item } as SessionState;
    board.onStarted(session);
    expect(vi.getTimerCount()).toBe(0);
    await pass(60);
    expect(shown).toEqual([]);
    session.state = playing();
    board.onStarted(session);
    await pass(10.1);
    expect(shown).toEqual(["verse 0"]);
  });

  it("goes along when somebody moves the song, at most every five seconds", async () => {
    board.follow({ session, item }, VIEW, handle);
    await pass(6);
    session.positionMs = 75_000;
    board.onStarted(session);
    await pass(0.1);
    expect(shown).toEqual(["verse 3"]);
    for (const positionMs of [11_000, 31_000, 51_000, 92_000]) {
      session.positionMs = positionMs;
      board.onStarted(session);
      await pass(0.5);
    }
    expect(shown).toEqual(["verse 3"]);
    await pass(3.5);
    expect(shown).toEqual(["verse 3", "verse 4"]);
  });

  it("follows a song that is played faster or slower", async () => {
    for (const tempo of [0.8, 1.25]) {
      shown = [];
      session.positionMs = 0;
      session.state = playing(tempo);
      board.follow({ session, item }, VIEW, handle);
      await pass(10 / tempo - 0.2);
      expect(shown.filter((line) => line !== "over")).toEqual([]);
      await pass(0.4);
      expect(shown.at(-1)).toBe("verse 0");
      expect(vi.getTimerCount()).toBe(1);
    }
  });

  it("says so when its song is over, and is left alone then", async () => {
    board.follow({ session, item }, VIEW, handle);
    board.onEnded(session, song(2));
    await pass(11);
    board.onEnded(session, item);
    await pass(60);
    board.onStarted(session);
    expect(shown).toEqual(["verse 0", "over"]);
  });

  it("is left alone when it is gone", async () => {
    board.follow({ session, item }, VIEW, handle);
    gone = true;
    await pass(11);
    gone = false;
    expect(vi.getTimerCount()).toBe(0);
    await pass(60);
    expect(shown).toEqual([]);
  });

  it("gives way to a newer one of the same guild", async () => {
    const newer: string[] = [];
    board.follow({ session, item }, VIEW, handle);
    board.follow({ session, item }, VIEW, {
      ...handle,
      edit: async ({ lines }) => void newer.push(lines[0] ?? ""),
    });
    await pass(11);
    expect({ shown, newer }).toEqual({ shown: ["over"], newer: ["verse 0"] });
  });

  it("is begun in the middle of a song with what is sung there", async () => {
    session.positionMs = 45_000;
    board.follow({ session, item }, VIEW, handle);
    await pass(4.9);
    expect(shown).toEqual([]);
    await pass(0.3);
    expect(shown).toEqual(["verse 2"]);
  });
});
