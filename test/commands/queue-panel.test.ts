import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { command as queue } from "../../commands/queue.ts";
import type { CommandContext } from "../../src/command/context.ts";
import { dispatch, dispatchPress } from "../../src/command/dispatch.ts";
import { parseButtonId } from "../../src/command/panel.ts";
import type { GuildSession } from "../../src/player/guild-session.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { ATTIC, LOUNGE, song } from "../player/set-up.ts";

let desk: Desk;
let session: GuildSession;

const deps = () => ({ log: desk.bench.log, newReference: () => "ref" });
const shows = (): Promise<void> => dispatch(deps(), queue, new Map(), desk.context());
const title = (number: number): string => `**Somebody – Title of ${youtubeId(number)}**`;
const waiting = (): string[] => session.queue.items.map(({ id }) => id);

async function presses(id: string, input = "", more: Partial<CommandContext> = {}): Promise<void> {
  const { press: name = "", payload = "" } = parseButtonId(id) ?? {};
  await dispatchPress(
    deps(),
    queue,
    { name, payload, input, fields: {} },
    desk.context({ surface: "button", ...more }),
  );
}

/** Presses the button with that label on what was shown last. */
async function pressesLabel(label: string, more: Partial<CommandContext> = {}): Promise<void> {
  const button = desk.last.buttons?.find((one) => one.label === label);
  await presses(button?.id ?? `no ${label}`, "", more);
}

beforeEach(async () => {
  desk = new Desk();
  desk.bench.voice.autoplay = false;
  session = desk.services.sessions.of("guild");
  session.enqueue(
    Array.from({ length: 14 }, (_, index) => song(index + 1)),
    LOUNGE,
  );
  await vi.waitUntil(() => session.state.status === "playing");
});
afterEach(() => desk.services.sessions.close());

describe("a page of the queue", () => {
  it("offers its songs to choose from", async () => {
    await shows();
    const { id, options = [] } = desk.last.menu ?? {};
    expect(id).toBe("queue:pick:1");
    expect(options).toHaveLength(10);
    expect(options[1]).toEqual({ label: `2. Somebody – Title of ${youtubeId(3)}`, value: "3" });
    session.queue.clear();
    await shows();
    expect(desk.last.menu).toBeUndefined();
  });

  it("tells of chapters, of what is repeated, and of what nobody asked for", async () => {
    session.queue.replace([
      { ...song(2), startMs: 10_000, endMs: 70_000, chapter: "*Part*" },
      { ...song(3), origin: "autoplay", requestedBy: { id: "", name: "" } },
    ]);
    session.loop = "queue";
    await shows();
    expect(desk.last.title).toBe("Queue · 2 tracks · 1:01");
    expect(desk.last.lines.slice(1)).toEqual([
      `1\\. ${title(2)} · \\*Part\\* · 1:00 · <@ann>`,
      `2\\. ${title(3)} · 0:01 · autoplay`,
    ]);
    expect(desk.last.footer).toContain("All songs are repeated in turn.");
  });
});

describe("a song that is chosen", () => {
  it("is shown with what can be done, and leads back to its page", async () => {
    await presses("queue:pick:2", "13");
    expect(desk.last).toMatchObject({
      title: "Number 12 in the queue",
      lines: [`${title(13)} · 0:01 · <@ann>`],
    });
    expect(desk.last.buttons?.map(({ id, disabled = false }) => [id, disabled])).toEqual([
      ["queue:jump:2:13", false],
      ["queue:first:2:13", false],
      ["queue:remove:2:13", false],
      ["queue:page:2", false],
    ]);
    await pressesLabel("📜 Back to the queue");
    expect(desk.last.menu?.id).toBe("queue:pick:2");
    await presses("queue:pick:1", "2");
    expect(desk.last.buttons?.[1]).toMatchObject({ label: "⏫ Play it next", disabled: true });
  });

  it("is removed or put before all others, wherever it stands by then", async () => {
    await presses("queue:pick:1", "5");
    session.queue.remove(1, 2);
    await pressesLabel("🗑 Remove it");
    expect(waiting().slice(0, 3)).toEqual(["4", "6", "7"]);
    expect(desk.answers.at(-1)).toMatchObject({ how: "update" });
    expect(desk.last.lines[0]).toBe(`Removed ${title(5)}`);
    await presses("queue:pick:1", "7");
    await pressesLabel("⏫ Play it next");
    expect(waiting().slice(0, 3)).toEqual(["7", "4", "6"]);
    expect(desk.last.lines[0]).toBe(`Moved ${title(7)} to number 1 in the queue`);
  });

  it("is jumped to", async () => {
    await presses("queue:pick:1", "5");
    await pressesLabel("⏭ Jump to it");
    expect(desk.last.lines).toEqual([`Going on with ${title(5)}`]);
    await vi.waitFor(() => expect(session.state).toMatchObject({ item: { id: "5" } }));
    expect(waiting()[0]).toBe("6");
  });

  it.each(["pick:1", "jump:1:99", "first:1:99", "remove:1:99", "remove:", "jump:x"])(
    "may be gone by then (%s)",
    async (press) => {
      await presses(`queue:${press}`, "99");
      expect(desk.text).toContain("That song is not in the queue.");
      expect(session.queue.length).toBe(13);
    },
  );

  it.each(["jump", "first", "remove"])("is left alone by who may not: %s", async (press) => {
    await presses(`queue:${press}:1:3`, "", { voiceChannel: ATTIC });
    expect(desk.text).toContain("I am playing in <#lounge>.");
    desk.chosen = { djRole: "876543210987654321" };
    await presses(`queue:${press}:1:3`, "", { actor: BOB, listenerIds: ["ann", "bob"] });
    expect(desk.text).toContain("Only people with the role");
    expect(waiting().slice(0, 2)).toEqual(["2", "3"]);
  });
});
