import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { command as nowplaying } from "../../commands/nowplaying.ts";
import { command as pause } from "../../commands/pause.ts";
import { command as play } from "../../commands/play.ts";
import { command as queue } from "../../commands/queue.ts";
import { command as resume } from "../../commands/resume.ts";
import { command as seek } from "../../commands/seek.ts";
import { command as skip } from "../../commands/skip.ts";
import { command as stop } from "../../commands/stop.ts";
import { command as volume } from "../../commands/volume.ts";
import { splitLine } from "../../src/command/split-line.ts";
import type { CacheTools } from "../../src/command/cache-tools.ts";
import type { CommandContext, Resolved } from "../../src/command/context.ts";
import type { Command } from "../../src/command/define.ts";
import { dispatch, dispatchPress } from "../../src/command/dispatch.ts";
import { untilAborted } from "../../src/core/abort.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Track } from "../../src/core/track.ts";
import type { GuildSession } from "../../src/player/guild-session.ts";
import { Desk } from "../fakes/command-context.ts";
import { Gate } from "../fakes/gate.ts";
import { youtubeId, youtubeTrack } from "../fakes/tracks.ts";
import { ATTIC } from "../player/set-up.ts";

let desk: Desk;
let session: GuildSession;
let found: Resolved | AppError | ((signal: AbortSignal) => Promise<Resolved>);
/** IDs of what was fetched anew; `undefined` = that fails. */
let refreshed: string[] | undefined;
let refreshing: Gate | undefined;

const track = (number: number) => youtubeTrack(youtubeId(number));
const list = (count: number): Resolved => ({
  kind: "playlist",
  id: "PLlist",
  entries: (async function* () {
    for (let number = 0; number < count; number += 1) yield track(number % 100);
  })(),
});
const deps = () => ({ log: desk.bench.log, newReference: () => "ref" });
const says = (command: Command, line = "", more: Partial<CommandContext> = {}): Promise<void> =>
  dispatch(deps(), command, splitLine(command.args, line), desk.context(more));
const playing = (): Promise<void> => vi.waitFor(() => expect(session.state.status).toBe("playing"));

beforeEach(() => {
  found = { kind: "tracks", tracks: [track(1)], startMs: 0 };
  refreshed = [];
  refreshing = undefined;
  desk = new Desk({
    cacheTools: {
      refresh: async ({ id }: Track, _guildId: string, signal: AbortSignal) => {
        await refreshing?.pass(signal);
        if (!refreshed) throw new AppError("VIDEO_REMOVED");
        refreshed.push(id);
      },
    } as unknown as CacheTools,
    resolve: async (_text, _where, signal) => {
      if (found instanceof AppError) throw found;
      return typeof found === "function" ? found(signal) : found;
    },
  });
  desk.bench.voice.autoplay = false;
  session = desk.services.sessions.of("guild");
});
afterEach(() => desk.services.sessions.close());

describe("seek", () => {
  it("goes on at the position, and says where", async () => {
    desk.bench.provide = async ({ item }) => desk.bench.audio(item, 500);
    await says(play, "africa");
    await playing();
    await says(seek, "0:05");
    expect(desk.text).toBe("\nGoing on at **0:05**.\n");
    expect(session.positionMs).toBeGreaterThanOrEqual(5_000);
    await says(seek, "0:10");
    expect(desk.text).toContain("The song is only 0:10 long.");
    await says(seek, "half");
    expect(desk.text).toContain("position must be a position such as 1:23, 83 or 1m23s.");
    expect(desk.text).toContain("/seek <position>");
    await says(seek, "half", { surface: "prefix", prefix: "!" });
    expect(desk.text).toContain("!seek <position>");
  });

  it("needs a song and a voice channel", async () => {
    await says(seek, "1");
    expect(desk.text).toContain("Nothing is playing.");
    await says(seek, "1", { voiceChannel: undefined });
    expect(desk.text).toContain("You are not in a voice channel.");
  });
});

describe("volume", () => {
  it("is told, and changed for the songs to come", async () => {
    await says(volume);
    expect(desk.text).toContain("The volume is **100 %**.");
    await says(volume, "40");
    expect(desk.volumePercent).toBe(40);
    expect(desk.text).toContain("The volume is **40 %** now.");
    await says(volume, "201");
    expect(desk.text).toContain("percent must be a whole number from 0 to 200.");
  });

  it("changes the song that plays, which goes on where it is", async () => {
    await says(play, "africa");
    await playing();
    const { opened } = desk.bench;
    await says(volume, "40");
    expect(opened).toHaveLength(2);
  });

  it("stays as it was when songs cannot be made so", async () => {
    await says(play, "africa");
    await playing();
    vi.spyOn(session, "renew").mockRejectedValue(new AppError("FFMPEG_MISSING"));
    const reopen = vi.spyOn(session, "reopenAhead");
    await says(volume, "40");
    expect(desk.volumePercent).toBe(100);
    expect(reopen).toHaveBeenCalledTimes(1);
    expect(desk.text).toContain("ffmpeg is missing");
  });
});

describe("play", () => {
  it("starts a song that is cached, and says so at once, to everyone", async () => {
    desk.cachedIds.add(youtubeId(1));
    await says(play, "africa");
    expect(desk.answers).toMatchObject([{ how: "reply", panel: { title: "Now playing" }, private: false }]);
    await playing();
  });

  it("answers for one that is not with the first stage of preparing it", async () => {
    const gate = new Gate();
    desk.bench.provide = async ({ item }, signal) => {
      await gate.pass(signal);
      return desk.bench.audio(item);
    };
    await says(play, "africa");
    expect(desk.text).toContain("not in the cache yet");
    gate.open();
  });

  it("says so when it comes from the cache because the source does not answer", async () => {
    found = { kind: "tracks", tracks: [track(1)], startMs: 0, fromCatalogue: true };
    desk.cachedIds.add(youtubeId(1));
    await says(play, "africa");
    expect(desk.text).toContain("The source does not answer right now, so this is from the cached songs.");
    await playing();
    await says(play, "africa");
    expect(desk.text).toMatch(/number 1 in the queue[^]*The source does not answer/u);
  });

  it("fetches the song anew when an admin says so, and no list", async () => {
    await says(play, "africa --force");
    expect(refreshed).toEqual([youtubeId(1)]);
    expect(desk.answers[0]?.panel.lines).toEqual(["Fetching **Somebody – Title of aaaaaaaaa01** anew…"]);
    await playing();
    const [member] = [{ ...desk.context().actor, isOwner: false }];
    await says(play, "africa --force", { actor: member });
    expect(desk.text).toContain("Only the owner of this bot");
    found = list(3);
    await says(play, "--force list");
    expect(desk.text).toContain("force is for one song at a time.");
    expect(refreshed).toHaveLength(1);
    expect(session.queue.length).toBe(0);
  });

  it("does not play what could not be fetched anew", async () => {
    refreshed = undefined;
    await says(play, "africa --force");
    expect(desk.text).toContain("This video is gone from its source.");
    expect(session.state.status).toBe("idle");
  });

  it.each([
    ["where the link says", 100, 160],
    ["at its start when the link points behind its end", 9_000_000, 60],
  ])("begins %s", async (_where, startMs, positionMs) => {
    found = { kind: "tracks", tracks: [track(1)], startMs };
    await says(play, "africa");
    await playing();
    expect(session.positionMs).toBe(positionMs);
  });

  it("adds a song while another plays, for the asker's eyes only", async () => {
    await says(play, "one");
    await playing();
    await says(play, "two");
    await says(play, "three");
    expect(desk.answers.at(-1)).toMatchObject({ private: true });
    expect(desk.text).toContain("number 2 in the queue");
    expect(session.queue.length).toBe(2);
  });

  it("adds the songs of a playlist, the first of which starts at once", async () => {
    found = list(30);
    await says(play, "list");
    expect(desk.answers.map(({ how }) => how)).toEqual(["reply", "edit"]);
    expect(desk.text).toContain("Added **30 songs** of the playlist to the queue.");
    expect(session.tracks).toHaveLength(30);
  });

  it.each([
    [0, 0, "That playlist has nothing to play."],
    [199, 199, "Added **199 songs** of the playlist to the queue."],
    [200, 200, "Added **200 songs** of the playlist to the queue."],
    [201, 200, "Added **200 songs** of the playlist to the queue; more were left out."],
    [5_000, 200, "Added **200 songs** of the playlist to the queue; more were left out."],
  ])("takes of %d songs %d", async (count, taken, line) => {
    found = list(count);
    await says(play, "list");
    expect(session.tracks).toHaveLength(taken);
    expect(desk.last.lines).toEqual([line]);
  });

  it("adds no more of a playlist once it was stopped", async () => {
    const gate = new Gate();
    const entries = async function* () {
      for (const number of [1, 2]) yield track(number);
      await gate.pass();
      for (const number of [3, 4]) yield track(number);
    };
    found = { kind: "playlist", id: "PLlist", entries: entries() };
    const adding = says(play, "list");
    await gate.reached;
    await says(stop);
    gate.open();
    await adding;
    expect(session.tracks).toEqual([]);
    expect(desk.last.lines).toEqual(["Added **2 songs** of the playlist to the queue; more were left out."]);
  });

  it("is called off by a stop while the song is still looked for", async () => {
    const gate = new Gate();
    found = async (signal) => untilAborted(gate.pass() as Promise<never>, signal);
    const asking = says(play, "africa");
    await gate.reached;
    await says(stop);
    await asking;
    expect(session.tracks).toEqual([]);
    expect(desk.text).toContain("That was cancelled.");
    gate.open();
  });

  it("is called off by a stop while the song is fetched anew", async () => {
    refreshing = new Gate();
    const asking = says(play, "africa --force");
    await refreshing.reached;
    await says(stop);
    await asking;
    expect(session.tracks).toEqual([]);
    expect(refreshed).toEqual([]);
  });

  it("says why nothing was found, and is refused to who is elsewhere", async () => {
    found = new AppError("NOTHING_FOUND");
    await says(play, "gibberish");
    expect(desk.text).toContain("Nothing was found");
    await says(play, "africa", { voiceChannel: undefined });
    expect(desk.text).toContain("You are not in a voice channel");
    found = { kind: "tracks", tracks: [track(1)], startMs: 0 };
    await says(play, "africa");
    await playing();
    await says(play, "africa", { voiceChannel: ATTIC });
    expect(desk.text).toContain("I am playing in <#lounge>");
    await says(play, "");
    expect(desk.text).toContain("query is missing. Usage: /play <query>");
  });
});

describe("the controls of a song", () => {
  beforeEach(async () => {
    for (const number of [1, 2]) {
      found = { kind: "tracks", tracks: [track(number)], startMs: 0 };
      await says(play, "song");
    }
    await playing();
  });

  it("skip it and name the next one", async () => {
    await says(skip);
    expect(desk.last.lines).toEqual([
      `Skipped **Somebody – Title of ${youtubeId(1)}**`,
      `Next: **Somebody – Title of ${youtubeId(2)}**`,
    ]);
    await vi.waitFor(() => expect(session.queue.length).toBe(0));
    await playing();
    await says(skip);
    expect(desk.last.lines[1]).toBe("The queue is empty.");
  });

  it("hold it, and go on", async () => {
    await says(pause);
    expect(session.state.status).toBe("paused");
    await says(nowplaying);
    expect(desk.last.title).toBe("Paused");
    await says(pause);
    expect(desk.text).toContain("It is not playing right now.");
    await says(resume);
    expect(session.state.status).toBe("playing");
    await says(resume);
    expect(desk.text).toContain("Nothing is paused");
  });

  it("stop everything", async () => {
    await says(stop);
    expect(desk.last.lines).toEqual(["Stopped; 2 songs taken off the queue."]);
    for (const command of [skip, pause, nowplaying]) {
      await says(command);
      expect(desk.text).toContain("Nothing is playing");
    }
    await says(stop);
    expect(desk.last.lines).toEqual(["Nothing was playing."]);
  });

  it("are for who sits in the channel", async () => {
    for (const command of [skip, pause, resume, stop]) {
      await says(command, "", { voiceChannel: ATTIC });
      expect(desk.text).toContain("I am playing in <#lounge>");
    }
    expect(session.state.status).toBe("playing");
  });
});

describe("queue", () => {
  it("says when it is empty", async () => {
    await says(queue);
    expect(desk.last).toMatchObject({
      title: "Queue · 0 tracks",
      lines: ["Nothing is waiting. Add something with play."],
    });
    expect(desk.last.buttons).toBeUndefined();
  });

  it("shows ten at a time, what is cached, and turns its pages", async () => {
    desk.cachedIds.add(youtubeId(2));
    found = list(26);
    await says(play, "list");
    await playing();
    await says(queue);
    expect(desk.last.title).toBe("Queue · 25 tracks · 0:25");
    expect(desk.last.lines).toHaveLength(11);
    expect(desk.last.lines[1]).toBe(`1\\. **Somebody – Title of ${youtubeId(1)}** · 0:01 · <@ann>`);
    expect(desk.last.lines[2]).toMatch(/^2\\\. ⚡ /u);
    const turn = (payload: string): Promise<void> =>
      dispatchPress(
        deps(),
        queue,
        { name: "page", payload, input: "", fields: {} },
        desk.context({ surface: "button" }),
      );
    await turn("3:next");
    expect(desk.last.lines.at(-1)).toMatch(/^25\\\. /u);
    expect(desk.last.buttons?.map(({ disabled }) => disabled)).toEqual([false, true, true]);
    for (const [payload, page] of [
      ["0:back", 1],
      ["-5", 1],
      ["99", 3],
      ["what", 1],
    ] as const) {
      await turn(payload);
      expect(desk.last.buttons?.[1]?.label).toBe(`Page ${page} of 3`);
    }
    await says(queue, "page 2");
    expect(desk.last.buttons?.[1]?.label).toBe("Page 2 of 3");
  });
});
