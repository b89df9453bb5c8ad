import { beforeEach, describe, expect, it, vi } from "vitest";
import { Announcer } from "../../src/command/announcer.ts";
import type { MessageHandle, Panel } from "../../src/command/panel.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Preparation } from "../../src/core/preparation.ts";
import { en } from "../../src/texts/en/index.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { fakeHandle } from "../fakes/message-handle.ts";
import { LOUNGE, type SessionUnderTest, setUp, song } from "../player/set-up.ts";

const item = song(1);
const downloading = (receivedBytes: number): Preparation => ({
  status: "downloading",
  receivedBytes,
  totalBytes: 100,
});
const text = (panel: Panel): string => [panel.title, ...panel.lines].filter(Boolean).join(" | ");

let clock: FakeClock;
let log: RecordingLogger;
let bench: SessionUnderTest;
/** What each message said, one list per message; the first entry is how it was posted. */
let messages: string[][];
let announcer: Announcer;

const handleOf = (said: string[]): MessageHandle => fakeHandle((panel) => said.push(text(panel)));
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  [clock, log, bench, messages] = [new FakeClock(), new RecordingLogger(), setUp(), []];
  announcer = new Announcer({
    post: async (channelId, panel) => {
      const said = [`${channelId}: ${text(panel)}`];
      messages.push(said);
      return handleOf(said);
    },
    textsFor: () => en,
    clock,
    log,
  });
});

describe("what becomes of a song", () => {
  it("says that it is stored as soon as it is, while it plays on", async () => {
    const arrived = Promise.withResolvers<void>();
    let isArriving = true;
    const audio = {
      ...bench.audio(item, 500),
      outcome: "miss" as const,
      settled: arrived.promise,
      get isArriving() {
        return isArriving;
      },
    };
    bench.voice.autoplay = false;
    bench.provide = async () => audio;
    bench.session.enqueue([item], LOUNGE);
    await vi.waitFor(() => expect(bench.session.state.status).toBe("playing"));
    announcer.onStarted(bench.session, item, audio);
    await settle();
    isArriving = false;
    arrived.resolve();
    await settle();
    expect(messages[0]).toHaveLength(2);
    expect(messages[0]?.[0]).toContain("playing while it downloads");
    expect(messages[0]?.[1]).toContain("saved to cache");
    await bench.session.stop();
  });

  it("is one message that changes through its stages", async () => {
    announcer.onLoading(bench.session, item, { status: "starting" });
    await settle();
    announcer.onLoading(bench.session, item, downloading(10));
    await settle();
    announcer.onLoading(bench.session, item, { status: "normalizing" });
    await settle();
    announcer.onStarted(bench.session, item, bench.audio(item));
    await settle();
    announcer.onEnded(bench.session, item, { status: "finished", playedMs: 60 });
    await settle();
    expect(messages).toHaveLength(1);
    expect(messages[0]?.[0]).toMatch(/^text: /u);
    expect(messages[0]?.map((said) => /Looking|10 %|Levelling|Now playing|Played/u.exec(said)?.[0])).toEqual([
      "Looking",
      "10 %",
      "Levelling",
      "Now playing",
      "Played",
    ]);
  });

  it("is drawn at most every three seconds within one stage, and at once when the stage changes", async () => {
    announcer.onLoading(bench.session, item, downloading(1));
    await settle();
    for (let received = 2; received <= 80; received += 1) {
      clock.advance(100);
      announcer.onLoading(bench.session, item, downloading(received));
      await settle();
    }
    expect(messages[0]).toHaveLength(1 + 2);
    announcer.onLoading(bench.session, item, { status: "normalizing" });
    await settle();
    expect(messages[0]).toHaveLength(4);
  });

  it("can use the answer to the command as its message", async () => {
    const said: string[] = [];
    const shown: Panel = { tone: "info", lines: ["answer"] };
    await announcer.attach(item, async () => handleOf(said), Promise.resolve(shown));
    announcer.onStarted(bench.session, item, bench.audio(item));
    await settle();
    announcer.onEnded(bench.session, item, { status: "cancelled" });
    await settle();
    expect(messages).toEqual([]);
    expect(said).toHaveLength(2);
    expect(said[1]).toMatch(/^Cancelled/u);
  });

  it("is told at once with the answer when there are news by then", async () => {
    const sent: string[] = [];
    const answering = announcer.attach(
      item,
      async (panel) => {
        sent.push(text(panel));
        return handleOf(sent);
      },
      Promise.reject(new Error("the database is away")),
    );
    announcer.onStarted(bench.session, item, bench.audio(item));
    await answering;
    await settle();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(/^Now playing/u);
  });

  it("is told when it failed, with its link", async () => {
    const panels: Panel[] = [];
    const handle = fakeHandle((panel) => panels.push(panel));
    await announcer.attach(item, async () => handle, Promise.resolve({ tone: "info", lines: [] }));
    announcer.onFailed(bench.session, item, new AppError("VIDEO_REMOVED"));
    await settle();
    expect(panels).toEqual([
      {
        tone: "error",
        title: "Not played",
        lines: ["This video is gone from its source. Try another upload."],
        footer: item.track.url,
      },
    ]);
  });

  it("starts a new message when the song comes again", async () => {
    for (const round of [1, 2]) {
      announcer.onStarted(bench.session, item, bench.audio(item));
      announcer.onEnded(bench.session, item, { status: "finished", playedMs: 1 });
      await settle();
      expect(messages).toHaveLength(round);
    }
  });

  it("shows a pause only while it lasts", async () => {
    bench.voice.autoplay = false;
    bench.session.enqueue([item], LOUNGE);
    await vi.waitFor(() => expect(bench.session.state.status).toBe("playing"));
    announcer.onPaused(bench.session, item);
    expect(messages).toEqual([]);
    bench.session.pause();
    announcer.onPaused(bench.session, item);
    await settle();
    expect(messages[0]?.[0]).toMatch(/^text: Paused/u);
  });

  it("goes on without a word when nothing can be written", async () => {
    const mute = new Announcer({
      post: () => Promise.reject(new Error("Missing Access")),
      textsFor: () => en,
      clock,
      log,
    });
    mute.onStarted(bench.session, item, bench.audio(item));
    mute.onEnded(bench.session, item, { status: "finished", playedMs: 1 });
    await settle();
    expect(log.named("announce.failed").length).toBeGreaterThan(0);
  });
});
