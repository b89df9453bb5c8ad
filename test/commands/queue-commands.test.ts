import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { command as back } from "../../commands/back.ts";
import { command as clear } from "../../commands/clear.ts";
import { command as forward } from "../../commands/forward.ts";
import { command as loop } from "../../commands/loop.ts";
import { command as move } from "../../commands/move.ts";
import { command as remove } from "../../commands/remove.ts";
import { command as replay } from "../../commands/replay.ts";
import { command as rewind } from "../../commands/rewind.ts";
import { command as seek } from "../../commands/seek.ts";
import { command as shuffle } from "../../commands/shuffle.ts";
import { command as skip } from "../../commands/skip.ts";
import { command as sleep } from "../../commands/sleep.ts";
import { command as stop } from "../../commands/stop.ts";
import { command as summon } from "../../commands/summon.ts";
import type { CommandContext } from "../../src/command/context.ts";
import { type Command, variantOf } from "../../src/command/define.ts";
import { dispatch, dispatchPress } from "../../src/command/dispatch.ts";
import { splitLine } from "../../src/command/split-line.ts";
import type { GuildSession } from "../../src/player/guild-session.ts";
import type { QueueItem } from "../../src/player/queue.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { ATTIC, LOUNGE, song } from "../player/set-up.ts";

const BOB_ID = "123456789012345678";
const DJ_ROLE = "876543210987654321";
const bob = { ...BOB, id: BOB_ID };
const all = ["ann", BOB_ID, "cid"];

let desk: Desk;
let session: GuildSession;

const deps = () => ({ log: desk.bench.log, newReference: () => "ref" });
const says = (command: Command, line = "", more: Partial<CommandContext> = {}): Promise<void> => {
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/u.exec(line) ?? [];
  const part = word === "" ? undefined : variantOf(command, word);
  const chosen = part ?? variantOf(command, "")!;
  return dispatch(deps(), chosen, splitLine(chosen.args, part ? rest : line), desk.context(more));
};
/** As Bob, who is a member among others. */
const bobSays = (command: Command, line = "", more: Partial<CommandContext> = {}): Promise<void> =>
  says(command, line, { actor: bob, listenerIds: all, ...more });
const presses = (payload: string, personId: string): Promise<void> =>
  dispatchPress(
    deps(),
    skip,
    { name: "vote", payload, input: "", fields: {} },
    desk.context({ surface: "button", actor: { ...BOB, id: personId }, listenerIds: all }),
  );
const title = (number: number): string => `**Somebody – Title of ${youtubeId(number)}**`;
const byBob = (number: number): QueueItem => ({
  ...song(number),
  requestedBy: { id: BOB_ID, name: "Bob" },
});
const waiting = (): string[] => session.queue.items.map(({ id }) => id);
const plays = (id: string): Promise<void> =>
  vi.waitFor(() => expect(session.state).toMatchObject({ status: "playing", item: { id } }), { interval: 1 });

/** Song 1 plays, the others wait. */
async function playing(...others: readonly QueueItem[]): Promise<void> {
  session.enqueue([song(1), ...others], LOUNGE);
  await plays("1");
}

beforeEach(() => {
  desk = new Desk();
  desk.bench.voice.autoplay = false;
  desk.bench.provide = async ({ item }) => desk.bench.audio(item, 1_000);
  session = desk.services.sessions.of("guild");
});
afterEach(() => desk.services.sessions.close());

describe("skip", () => {
  it("ends the song and tells what is next", async () => {
    await playing(song(2));
    await says(skip);
    expect(desk.last.lines).toEqual([`Skipped ${title(1)}`, `Next: ${title(2)}`]);
    await plays("2");
  });

  it("goes on with a song further down; those before it are dropped", async () => {
    await playing(song(2), song(3), song(4));
    await says(skip, "to 3");
    expect(desk.last.lines).toEqual([`Going on with ${title(4)}`]);
    await plays("4");
    expect(waiting()).toEqual([]);
    await says(skip, "1");
    expect(desk.text).toContain("That song is not in the queue.");
  });

  it("passes over the songs of others only for who has a say about them", async () => {
    desk.chosen = { djRole: DJ_ROLE };
    session.enqueue([byBob(1), byBob(2), song(3), byBob(4)], LOUNGE);
    await plays("1");
    await bobSays(skip, "3");
    expect(desk.text).toContain(`Only people with the role <@&${DJ_ROLE}> may do that.`);
    await bobSays(skip, "2");
    expect(desk.text).toContain(`Going on with ${title(3)}`);
    await plays("3");
    await bobSays(skip);
    expect(desk.text).toContain("Only people with the role");
  });
});

describe("a vote about skipping", () => {
  beforeEach(async () => {
    desk.chosen = { voteSkip: "on", voteSkipPercent: "60" };
    await playing(song(2));
  });

  it("is public, counts everyone once, and skips with the last vote that is needed", async () => {
    await bobSays(skip);
    expect(desk.answers.at(-1)).toMatchObject({ private: false });
    expect(desk.last.lines).toEqual([`Skip ${title(1)}? **1 of 2** have voted for it.`]);
    const [button] = desk.last.buttons ?? [];
    expect(button).toMatchObject({ label: "⏭ Skip (1 of 2)", id: "skip:vote:1" });
    await presses("1", BOB_ID);
    expect(desk.last.buttons?.[0]?.label).toBe("⏭ Skip (1 of 2)");
    await presses("1", "cid");
    expect(desk.answers.at(-1)).toMatchObject({ how: "update" });
    expect(desk.last.lines).toEqual([`Skipped ${title(1)}`, `Next: ${title(2)}`]);
    expect(desk.last.buttons).toBeUndefined();
    await plays("2");
  });

  it("is over with its song", async () => {
    await bobSays(skip);
    await says(skip);
    await plays("2");
    await presses("1", "cid");
    expect(desk.last.lines).toEqual(["That song is over."]);
    await plays("2");
  });

  it("is not asked for by who has a say, is alone or asked for the song", async () => {
    await bobSays(skip, "", { listenerIds: [BOB_ID] });
    await plays("2");
    session.enqueue([byBob(3), song(4)], LOUNGE);
    await says(skip);
    await plays("3");
    await bobSays(skip);
    await plays("4");
    expect(desk.answers.filter(({ panel }) => panel.buttons)).toEqual([]);
  });

  it("cannot be gone around", async () => {
    for (const [command, line] of [
      [skip, "1"],
      [back, ""],
      [forward, "1"],
      [seek, "1:00"],
      [stop, ""],
    ] as const) {
      await bobSays(command, line);
      expect(desk.text).toContain("People vote here about the songs of others. Use skip to vote.");
    }
    await bobSays(rewind);
    expect(desk.text).toContain("Going on at");
    await plays("1");
  });

  it("is open to everyone, also where a role has a say", async () => {
    desk.chosen = { ...desk.chosen, djRole: DJ_ROLE };
    await bobSays(skip);
    expect(desk.text).toContain("1 of 2");
  });
});

describe("back", () => {
  it("plays the song before once more, and the current one after it", async () => {
    await says(back);
    expect(desk.text).toContain("No song was played before this one.");
    await playing(song(2));
    await says(skip);
    await plays("2");
    await says(back);
    expect(desk.last.lines).toEqual([`Back to ${title(1)}`]);
    await plays("1");
    expect(waiting()).toEqual(["2"]);
  });
});

describe("remove", () => {
  it("takes off one song, or a range of them", async () => {
    await playing(...[2, 3, 4, 5, 6].map(song));
    await says(remove, "2");
    expect(desk.last.lines).toEqual([`Removed ${title(3)}`]);
    await says(remove, "2-3");
    expect(desk.last.lines).toEqual(["Removed **2 songs** from the queue."]);
    expect(waiting()).toEqual(["2", "6"]);
    await says(remove, "2-99");
    expect(waiting()).toEqual(["2"]);
  });

  it.each(["0", "3-1", "x", "1-", "-1", "1,2", ""])("takes %j for no number", async (line) => {
    await playing(song(2), song(3));
    await says(remove, line);
    expect(desk.text).toMatch(/numbers (must be a number such as 3, or a range such as 3-7|is missing)/u);
    expect(waiting()).toEqual(["2", "3"]);
  });

  it("knows no song behind the last one", async () => {
    await playing(song(2));
    await says(remove, "2");
    expect(desk.text).toContain("That song is not in the queue.");
  });

  it("takes off all songs of somebody", async () => {
    await playing(byBob(2), song(3), byBob(4));
    await says(remove, `user <@${BOB_ID}>`);
    expect(desk.last.lines).toEqual(["Removed **2 songs** from the queue."]);
    expect(waiting()).toEqual(["3"]);
    await says(remove, `user <@${BOB_ID}>`);
    expect(desk.last.lines).toEqual([`Nothing of <@${BOB_ID}> is in the queue.`]);
  });

  it("takes off what is there twice, all but the first", async () => {
    await playing({ ...song(2), id: "a" }, song(3), { ...song(2), id: "b" }, { ...song(2), id: "c" });
    await says(remove, "duplicates");
    expect(waiting()).toEqual(["a", "3"]);
    await says(remove, "duplicates");
    expect(desk.last.lines).toEqual(["No song is in the queue twice."]);
  });

  it("leaves the songs of others to who has a say about them", async () => {
    desk.chosen = { djRole: DJ_ROLE };
    await playing(byBob(2), song(3), byBob(4));
    await bobSays(remove, "1-2");
    expect(desk.text).toContain("Only people with the role");
    await bobSays(remove, "3");
    expect(waiting()).toEqual(["2", "3"]);
    await bobSays(remove, "user <@111111111111111111>");
    await bobSays(remove, `user ${BOB_ID}`);
    expect(waiting()).toEqual(["3"]);
  });
});

describe("the order", () => {
  it("is changed by move", async () => {
    await playing(song(2), song(3), song(4));
    await says(move, "3 1");
    expect(desk.last.lines).toEqual([`Moved ${title(4)} to number 1 in the queue`]);
    await says(move, "1 99");
    expect(desk.last.lines).toEqual([`Moved ${title(4)} to number 3 in the queue`]);
    expect(waiting()).toEqual(["2", "3", "4"]);
    await says(move, "4 1");
    expect(desk.text).toContain("That song is not in the queue.");
  });

  it("is mixed by shuffle, and all of it goes by clear; what plays goes on", async () => {
    await playing(song(2), song(3), song(4));
    await says(shuffle);
    expect(desk.last.lines).toEqual(["Mixed **3 songs** of the queue."]);
    expect(waiting()).toEqual(["3", "4", "2"]);
    await says(clear);
    expect(desk.last.lines).toEqual(["Removed **3 songs** from the queue."]);
    for (const command of [shuffle, clear]) {
      await says(command);
      expect(desk.text).toContain("Nothing is waiting.");
    }
    await plays("1");
  });

  it("is not for everyone to change where a role has a say", async () => {
    desk.chosen = { djRole: DJ_ROLE };
    await playing(byBob(2), byBob(3));
    for (const [command, line] of [
      [move, "1 2"],
      [shuffle, ""],
      [clear, ""],
      [loop, "queue"],
      [sleep, "5"],
    ] as const) {
      await bobSays(command, line);
      expect(desk.text).toContain("Only people with the role");
    }
    await bobSays(clear, "", { actor: { ...bob, roleIds: [DJ_ROLE] } });
    expect(waiting()).toEqual([]);
  });

  it("is left alone by people elsewhere", async () => {
    await playing(song(2), song(3));
    for (const [command, line] of [
      [skip, ""],
      [back, ""],
      [remove, "1"],
      [move, "1 2"],
      [shuffle, ""],
      [clear, ""],
      [loop, "queue"],
      [sleep, "song"],
    ] as const) {
      await says(command, line, { voiceChannel: ATTIC });
      expect(desk.text).toContain("I am playing in <#lounge>.");
    }
    expect(waiting()).toEqual(["2", "3"]);
    expect([session.loop, session.sleep]).toEqual(["off", undefined]);
  });
});

describe("loop", () => {
  it("repeats the song or all of them, and tells what is repeated", async () => {
    for (const [line, mode, text] of [
      ["", "off", "Nothing is repeated."],
      ["track", "track", "This song is repeated until somebody skips it."],
      ["queue", "queue", "All songs are repeated in turn."],
      ["", "queue", "All songs are repeated in turn."],
      ["off", "off", "Nothing is repeated."],
    ] as const) {
      await says(loop, line);
      expect([session.loop, desk.last.lines]).toEqual([mode, [text]]);
    }
    await says(loop, "never");
    expect(desk.text).toContain("mode must be one of track, queue or off.");
  });

  it("is turned by the button on the message of the song", async () => {
    const turn = (): Promise<void> =>
      dispatchPress(
        deps(),
        loop,
        { name: "turn", payload: "", input: "", fields: {} },
        desk.context({ surface: "button" }),
      );
    await turn();
    expect([session.loop, desk.last.lines]).toEqual([
      "track",
      ["This song is repeated until somebody skips it."],
    ]);
    await playing();
    for (const [mode, label] of [
      ["queue", "🔁 Loop: queue"],
      ["off", "🔁 Loop: off"],
      ["track", "🔂 Loop: this song"],
    ] as const) {
      await turn();
      expect(session.loop).toBe(mode);
      expect(desk.answers.at(-1)?.how).toBe("update");
      expect(desk.last.buttons?.map((button) => button.label)).toContain(label);
    }
  });
});

describe("forward and rewind", () => {
  it("go ten seconds, or as far as is said, and not before the beginning", async () => {
    desk.bench.provide = async ({ item }) => ({ ...desk.bench.audio(item, 1_000), durationMs: 120_000 });
    await playing();
    for (const [command, line, time] of [
      [forward, "", "0:30"],
      [rewind, "", "0:40"],
      [forward, "0:05", "1:05"],
      [rewind, "20", "1:05"],
      [rewind, "2m", "0:00"],
      [replay, "", "0:00"],
    ] as const) {
      // Each new position is heard for 20 seconds at once.
      await says(command, line);
      expect(desk.last.lines).toEqual([`Going on at **${time}**.`]);
    }
    await says(forward, "5m");
    expect(desk.text).toContain("The song is only 2:00 long.");
  });

  it("stay within a chapter, whose positions count from its beginning", async () => {
    session.enqueue([{ ...song(1), startMs: 12_000, endMs: 60_000 }], LOUNGE);
    await plays("1");
    const seeks = vi.spyOn(session, "seek");
    for (const [command, line, time, toMs] of [
      [rewind, "5m", "0:00", 12_000],
      [seek, "0:20", "0:20", 32_000],
      [replay, "", "0:00", 12_000],
      // 20 seconds are heard at once.
      [forward, "5", "0:25", 37_000],
    ] as const) {
      await says(command, line);
      expect(desk.last.lines).toEqual([`Going on at **${time}**.`]);
      expect(seeks.mock.lastCall?.[0]).toBe(toMs);
    }
    await says(seek, "0:48");
    expect(desk.text).toContain("The song is only 0:48 long.");
  });

  it("are for the requester and who has a say, where a role has one", async () => {
    desk.chosen = { djRole: DJ_ROLE };
    desk.bench.provide = async ({ item }) => ({ ...desk.bench.audio(item, 1_000), durationMs: 120_000 });
    session.enqueue([byBob(1), song(2)], LOUNGE);
    await plays("1");
    await bobSays(forward, "0");
    expect(desk.text).toContain("Going on");
    await bobSays(skip);
    await plays("2");
    for (const command of [forward, rewind, replay]) {
      await bobSays(command);
      expect(desk.text).toContain("Only people with the role");
    }
  });
});

describe("sleep", () => {
  it("is set to minutes or to the end of the song, told and taken back", async () => {
    await playing();
    const nowMs = desk.services.clock.nowMs();
    for (const [line, wanted, text] of [
      ["", undefined, "No sleep timer is set"],
      ["song", { after: "song" }, "Going to sleep when this song is over."],
      ["45", { atMs: nowMs + 2_700_000 }, `Going to sleep <t:${Math.floor(nowMs / 1_000) + 2_700}:R>.`],
      ["", { atMs: nowMs + 2_700_000 }, "Going to sleep <t:"],
      ["off", undefined, "No sleep timer is set"],
    ] as const) {
      await says(sleep, line);
      expect(session.sleep).toEqual(wanted);
      expect(desk.text).toContain(text);
    }
    await says(sleep, "0");
    expect(desk.text).toContain("minutes must be a whole number from 1 to 1,440.");
  });
});

describe("summon", () => {
  it("calls the bot to where somebody is, unless others listen elsewhere", async () => {
    const moveTo = vi.spyOn(session, "moveTo").mockResolvedValue();
    await says(summon, "", { voiceChannel: undefined });
    expect(desk.text).toContain("You are not in a voice channel.");
    await says(summon);
    expect(desk.last.lines).toEqual(["Here I am, in <#lounge>."]);
    await playing();
    const elsewhere = { actor: bob, voiceChannel: ATTIC };
    await says(summon, "", { ...elsewhere, listenerIds: ["ann"] });
    expect(desk.text).toContain("I am playing in <#lounge>.");
    await says(summon, "", { ...elsewhere, listenerIds: [] });
    await says(summon, "", { ...elsewhere, listenerIds: ["cid"], actor: { ...bob, isManager: true } });
    expect(moveTo.mock.calls).toEqual([[LOUNGE], [ATTIC], [ATTIC]]);
  });
});
