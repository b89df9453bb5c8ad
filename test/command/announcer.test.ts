import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Announcer } from "../../src/command/announcer.ts";
import type { Panel } from "../../src/command/panel.ts";
import { AppError } from "../../src/core/errors.ts";
import { type GuildOptionName, guildOptions } from "../../src/core/guild-options.ts";
import type { Preparation } from "../../src/core/preparation.ts";
import { en } from "../../src/texts/en/index.ts";
import { FakeChannels } from "../fakes/boards.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { LOUNGE, type SessionUnderTest, setUp, song } from "../player/set-up.ts";

const item = song(1);
const downloading = (receivedBytes: number): Preparation => ({
  status: "downloading",
  receivedBytes,
  totalBytes: 100,
});
const finished = { status: "finished", playedMs: 60 } as const;
const text = (panel: Panel | undefined): string =>
  [panel?.title, ...(panel?.lines ?? [])].filter(Boolean).join(" | ");

let clock: FakeClock;
let log: RecordingLogger;
let bench: SessionUnderTest;
let channels: FakeChannels;
let chosen: Partial<Record<GuildOptionName, string>>;
let announcer: Announcer;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** What is to be read now, message by message. */
const read = (): string[] =>
  channels.shown.map(({ channelId, panels }) => `${channelId}: ${text(panels.at(-1))}`);
/** All that the message of that number ever said. */
const said = (message = 0): string[] => channels.messages[message]?.panels.map(text) ?? [];

beforeEach(() => {
  [clock, log, bench, channels] = [new FakeClock(), new RecordingLogger(), setUp(), new FakeChannels()];
  chosen = {};
  announcer = new Announcer({
    boards: channels.boards(log),
    post: channels.post,
    textsFor: () => en,
    options: () => guildOptions(chosen),
    clock,
    log,
  });
});
afterEach(() => vi.useRealTimers());

/** Plays a song to the listener's eyes. */
async function plays(number = 1): Promise<void> {
  announcer.onStarted(bench.session, song(number), bench.audio(song(number)));
  await settle();
}

async function reallyPlays(): Promise<void> {
  bench.voice.autoplay = false;
  bench.session.enqueue([item], LOUNGE);
  await vi.waitUntil(() => bench.session.state.status === "playing");
}

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
    bench.provide = async () => audio;
    await reallyPlays();
    announcer.onStarted(bench.session, item, audio);
    await settle();
    isArriving = false;
    arrived.resolve();
    await settle();
    expect(said()).toHaveLength(2);
    expect(said()[0]).toContain("playing while it downloads");
    expect(said()[1]).toContain("saved to cache");
    await bench.session.stop();
  });

  it("is one message that changes through its stages", async () => {
    announcer.onLoading(bench.session, item, { status: "starting" });
    await settle();
    announcer.onLoading(bench.session, item, downloading(10));
    await settle();
    announcer.onLoading(bench.session, item, { status: "normalizing" });
    await settle();
    await plays();
    announcer.onEnded(bench.session, item, finished);
    await settle();
    expect(read()).toHaveLength(1);
    expect(read()[0]).toMatch(/^text: Played/u);
    expect(said().map((line) => /Looking|10 %|Levelling|Now playing|Played/u.exec(line)?.[0])).toEqual([
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
    expect(said()).toHaveLength(1 + 2);
    announcer.onLoading(bench.session, item, { status: "normalizing" });
    await settle();
    expect(said()).toHaveLength(4);
  });

  it("is told in the message of the song before, and costs no second one", async () => {
    await plays(1);
    announcer.onEnded(bench.session, song(1), finished);
    await plays(2);
    announcer.onEnded(bench.session, song(2), finished);
    await plays(3);
    expect(channels.messages).toHaveLength(1);
    expect(read()[0]).toContain("Now playing");
  });

  it("is told when it failed, with its link, and the next one in another message", async () => {
    await plays(1);
    announcer.onFailed(bench.session, item, new AppError("VIDEO_REMOVED"));
    await plays(2);
    expect(read()).toHaveLength(2);
    expect(channels.messages[0]?.panels.at(-1)).toEqual({
      tone: "error",
      title: "Not played",
      lines: ["This video is gone from its source. Try another upload."],
      footer: item.track.url,
    });
  });

  it("shows a pause only while it lasts", async () => {
    await reallyPlays();
    announcer.onPaused(bench.session, item);
    expect(channels.messages).toEqual([]);
    bench.session.pause();
    announcer.onPaused(bench.session, item);
    await settle();
    expect(read()[0]).toMatch(/^text: Paused/u);
  });

  it("goes on without a word when nothing can be written", async () => {
    channels.isMute = true;
    await plays();
    announcer.onEnded(bench.session, item, finished);
    await settle();
    expect(log.named("announce.failed").length).toBeGreaterThan(0);
  });
});

const answers = (meanwhile: Promise<Panel>): Promise<void> =>
  announcer.attach(bench.session, item, {
    send: (panel) => channels.post("text", panel),
    meanwhile,
    elsewhere: { tone: "info", lines: ["it comes"] },
  });

describe("the answer to who asked", () => {
  it("becomes the song's message, and the one before goes", async () => {
    await plays(9);
    announcer.onEnded(bench.session, song(9), finished);
    await answers(Promise.resolve({ tone: "info", lines: ["answer"] }));
    await plays();
    announcer.onEnded(bench.session, item, { status: "cancelled" });
    await settle();
    expect(read()).toHaveLength(1);
    expect(said(1)).toHaveLength(3);
    expect(said(1)[0]).toBe("answer");
    expect(said(1)[2]).toMatch(/^Cancelled/u);
  });

  it("says at once what is known of the song by then", async () => {
    const answering = answers(Promise.reject(new Error("the database is away")));
    announcer.onStarted(bench.session, item, bench.audio(item));
    await answering;
    await settle();
    expect(said()).toHaveLength(1);
    expect(said()[0]).toMatch(/^Now playing/u);
  });

  it.each([
    ["announced nowhere", { announce: "silent" }, 1],
    ["announced elsewhere", { announceChannel: "777" }, 2],
    ["shown by the player", { requestChannel: "777" }, 2],
  ] as const)("is just an answer where songs are %s", async (_what, options, messages) => {
    chosen = options;
    await answers(Promise.resolve({ tone: "info", lines: ["answer"] }));
    await plays();
    expect(channels.messages).toHaveLength(messages);
    expect(said()).toEqual(["it comes"]);
    expect(channels.messages[1]?.channelId ?? "777").toBe("777");
  });
});

describe("an answer that shows the song", () => {
  const shown: Panel = { tone: "playing", lines: ["here it is"] };
  const asks = async (channelId = "text"): Promise<void> => {
    announcer.moveTo(bench.session, channelId, { handle: await channels.post(channelId, shown), shown });
    await settle();
  };

  it("takes the place of its message", async () => {
    await reallyPlays();
    await plays();
    await asks();
    expect(read()).toEqual(["text: here it is"]);
    await plays();
    expect(read()).toEqual([expect.stringMatching(/^text: Now playing/u)]);
    expect(channels.messages).toHaveLength(2);
    await bench.session.stop();
  });

  it.each([
    ["elsewhere", { announceChannel: "777" }],
    ["nowhere", { announce: "silent" }],
    ["by a player", { requestChannel: "777" }],
  ] as const)("is nothing more where songs are shown %s", async (_what, options) => {
    chosen = options;
    await reallyPlays();
    await asks();
    await plays();
    expect(said()).toEqual(["here it is"]);
    await bench.session.stop();
  });
});

describe("where a guild wants no message", () => {
  it("there is one only for what cannot be played", async () => {
    chosen = { announce: "silent" };
    await plays();
    announcer.onEnded(bench.session, item, finished);
    await plays(2);
    expect(channels.messages).toEqual([]);
    announcer.onFailed(bench.session, song(2), new AppError("VIDEO_REMOVED"));
    await settle();
    expect(read()).toEqual([expect.stringMatching(/^text: Not played/u)]);
  });
});

const labels = (): string[] => channels.messages[0]?.panels.at(-1)?.buttons?.map(({ label }) => label) ?? [];

describe("the buttons of a song", () => {
  it("are all there", async () => {
    await reallyPlays();
    await plays();
    expect(labels()).toEqual([
      "⏮ Previous",
      "⏸ Pause",
      "⏭ Skip",
      "📜 Queue",
      "⏹ Stop",
      "🔁 Loop: off",
      "🔀 Shuffle",
      "🔊 Volume",
    ]);
    await bench.session.stop();
  });
});

describe("a queue that changes", () => {
  it("is told soon, once for many changes, and only where a song is shown", async () => {
    await reallyPlays();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    announcer.onChanged(bench.session);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(channels.messages).toEqual([]);
    await plays();
    for (let number = 2; number < 50; number += 1) {
      bench.session.enqueue([song(number)], LOUNGE);
      announcer.onChanged(bench.session);
    }
    await vi.advanceTimersByTimeAsync(2_999);
    expect(said()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await settle();
    expect(said()).toHaveLength(2);
    expect(channels.messages[0]?.panels.at(-1)?.footer).toContain("48 more in queue");
    announcer.onChanged(bench.session);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(said()).toHaveLength(2);
    await bench.session.stop();
  });
});

describe("the player of a request channel", () => {
  beforeEach(() => {
    chosen = { requestChannel: "777" };
  });

  it("is there as soon as there is such a channel, and says what to do", async () => {
    announcer.onOptions(bench.session);
    await settle();
    expect(read()).toEqual([
      "777: Player | Nothing is playing. Write a title or a link here: every message is a song.",
    ]);
    announcer.onOptions(bench.session);
    await settle();
    expect(channels.messages).toHaveLength(1);
  });

  it("shows all songs, and what was played while it rests", async () => {
    announcer.onOptions(bench.session);
    await plays();
    expect(read()).toEqual([expect.stringMatching(/^777: Now playing/u)]);
    announcer.onEnded(bench.session, item, finished);
    await settle();
    expect(read()).toEqual([expect.stringMatching(/^777: Player \| Played: .* \| Nothing is playing/u)]);
  });

  it("stays when a song fails; why is told for a while", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await plays();
    announcer.onFailed(bench.session, item, new AppError("VIDEO_REMOVED"));
    await settle();
    expect(read()).toEqual([
      expect.stringMatching(/^777: Player/u),
      expect.stringMatching(/^777: Not played \| This video is gone/u),
    ]);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(read()).toEqual([expect.stringMatching(/^777: Player/u)]);
  });
});
