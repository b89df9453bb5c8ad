import { beforeEach, describe, expect, it } from "vitest";
import type { Panel } from "../../src/command/panel.ts";
import type { SongBoards } from "../../src/command/song-boards.ts";
import { FakeChannels } from "../fakes/boards.ts";
import { RecordingLogger } from "../fakes/logger.ts";

const panel = (line: string): Panel => ({ tone: "info", lines: [line] });
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let channels: FakeChannels;
let log: RecordingLogger;
let boards: SongBoards;

beforeEach(() => {
  [channels, log] = [new FakeChannels(), new RecordingLogger()];
  boards = channels.boards(log);
});

/** What is to be read now, message by message. */
const read = (): string[] =>
  channels.shown.map(({ channelId, panels }) => `${channelId}: ${panels.at(-1)?.lines.join()}`);
const show = async (id: string, line: string, channelId = "text"): Promise<void> => {
  boards.show("guild", { id, channelId }, panel(line));
  await settle();
};

describe("the song's message", () => {
  it("is one, for one song after the other", async () => {
    await show("1", "first");
    await show("1", "first, further");
    boards.between("guild");
    await show("2", "second");
    expect(read()).toEqual(["text: second"]);
    expect(channels.messages).toHaveLength(1);
    expect(channels.messages[0]?.panels.map(({ lines }) => lines[0])).toEqual([
      "first",
      "first, further",
      "second",
    ]);
  });

  it("moves down with the next song when it has scrolled away, and not before", async () => {
    await show("1", "first");
    channels.messages[0]!.below = 5;
    await show("2", "second");
    expect(channels.messages).toHaveLength(1);
    channels.messages[0]!.below = 6;
    await show("2", "second, further");
    expect(channels.messages).toHaveLength(1);
    await show("3", "third");
    expect(read()).toEqual(["text: third"]);
    expect(channels.messages).toHaveLength(2);
  });

  it("moves down when the same song begins again", async () => {
    await show("1", "first");
    channels.messages[0]!.below = 9;
    boards.between("guild");
    await show("1", "first again");
    expect(channels.messages).toHaveLength(2);
    expect(read()).toEqual(["text: first again"]);
  });

  it("moves to the channel in which the next song is to be shown", async () => {
    await show("1", "first");
    await show("2", "second", "other");
    expect(read()).toEqual(["other: second"]);
  });

  it("is another one when it was deleted, or may be changed no more", async () => {
    await show("1", "first");
    channels.messages[0]!.isLost = true;
    await show("1", "first, further");
    await show("1", "first, even further");
    expect(channels.messages).toHaveLength(2);
    expect(channels.messages[1]?.panels).toEqual([panel("first, even further")]);
    expect(log.named("announce.failed")).toHaveLength(1);
  });

  it("stays as it is when it is let go", async () => {
    await show("1", "not played");
    boards.letGo("guild");
    await show("2", "second");
    expect(read()).toEqual(["text: not played", "text: second"]);
  });

  it("can be an answer; the one before goes", async () => {
    await show("1", "first");
    const shown = panel("answer");
    const sent = channels.post("text", shown).then((handle) => ({ handle, shown }));
    boards.put("guild", { id: "2", channelId: "text" }, sent);
    await show("2", "second");
    expect(read()).toEqual(["text: second"]);
    expect(channels.messages[1]?.panels).toEqual([shown, panel("second")]);
  });

  it("belongs to its guild alone", async () => {
    await show("1", "first");
    boards.show("other guild", { id: "1", channelId: "elsewhere" }, panel("theirs"));
    await settle();
    expect(read()).toEqual(["text: first", "elsewhere: theirs"]);
  });
});

describe("after a restart", () => {
  it("the message of before goes as soon as there is another one", async () => {
    await show("1", "first");
    const place = { channelId: "text", messageId: "1" };
    expect(channels.places.get("guild")).toEqual(place);
    boards = channels.boards(log);
    await show("2", "second");
    expect(channels.removed).toEqual([place]);
    expect(channels.places.get("guild")).toEqual({ channelId: "text", messageId: "2" });
    boards.between("guild");
    await show("3", "third");
    expect(channels.removed).toHaveLength(1);
  });

  it("a message that was let go stays", async () => {
    await show("1", "not played");
    boards.letGo("guild");
    boards = channels.boards(log);
    await show("2", "second");
    expect(channels.removed).toEqual([]);
  });
});

it("a channel that is gone is made up for by the one in which the song was asked for", async () => {
  channels.gone.add("music");
  const song = { id: "1", channelId: "music", otherwise: "text" };
  boards.show("guild", song, panel("first"));
  await settle();
  boards.show("guild", { ...song, id: "2" }, panel("second"));
  await settle();
  expect(read()).toEqual(["text: second"]);
  expect(log.named("announce.elsewhere")).toHaveLength(1);
});

it("where nothing can be written the music goes on, and the next song is tried again", async () => {
  channels.isMute = true;
  await show("1", "first");
  await show("1", "first, further");
  await show("1", "first, even further");
  expect(channels.refusals).toBe(1);
  expect(log.named("announce.failed").length).toBeGreaterThan(0);
  channels.isMute = false;
  boards.between("guild");
  await show("2", "second");
  expect(read()).toEqual(["text: second"]);
});
