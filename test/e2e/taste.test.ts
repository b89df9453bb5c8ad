import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ERRORS } from "../../src/core/errors.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { GivenFile } from "../sandbox/discord/command-book.ts";
import type { Message } from "../sandbox/discord/message.ts";
import { Permission } from "../sandbox/discord/permissions.ts";
import type { Person } from "../sandbox/discord/person.ts";
import { startSideServices, type SideServices } from "../sandbox/media/side-services.ts";
import type { Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { answerTo, furnish, hears, onStage, type Room, says, written } from "./actions.ts";

const SURFACES = ["prefix", "slash"] as const;

let stage: Stage;
let bot: BotProcess;
let services: SideServices;
let song: Song;
let other: Song;

beforeAll(async () => {
  services = await startSideServices();
});
afterAll(() => services.close());

onStage(async (ready) => {
  stage = ready;
  bot = await stage.startBot({ SERVICE_URLS: services.serviceUrls });
  song = await stage.media.addSong({ title: "First Tone", durationMs: 8_000 });
  other = await stage.media.addSong({ title: "Second Tone", durationMs: 8_000 });
});

let room: Room;

beforeEach(() => {
  room = furnish(stage, {}, Permission.ManageGuild);
});

type Values = Record<string, string | number | boolean>;

function doer(
  surface: (typeof SURFACES)[number],
): (name: string, values?: Record<string, string | number>) => Promise<string> {
  return (name, values = {}) => answerTo(stage, { ann: room.ann, surface, name, values });
}

async function playing(what: Song): Promise<void> {
  room.ann.says("general", `?play ${what.url}`);
  await hears(stage, room.guild);
}

async function stop(): Promise<void> {
  room.ann.says("general", "?stop");
  await stage.discord.until(() => !room.guild.botVoiceChannel, { what: "the bot leaves" });
}

const WHILE_WRITTEN = { interval: 200, timeout: 10_000 };

describe.each(SURFACES)("as %s commands", (surface) => {
  it("favourites are added, shown, played and removed", async () => {
    const does = doer(surface);
    expect(await does("favourites show")).toContain("No favourites yet");
    expect(await does("favourites add")).toContain(ERRORS.NOTHING_PLAYING.message);
    expect(await does("favourites play")).toContain(ERRORS.LIST_EMPTY.message);
    await playing(song);
    expect(await does("favourites add")).toMatch(/Added .*First Tone.* to \*\*Favourites\*\*/u);
    expect(await does("favourites add")).toContain("1 song of these stood in it already");
    expect(await does("favourites add", { song: other.url })).toContain("Second Tone");
    expect(await does("favourites show")).toMatch(
      /Favourites · 2 songs · 0:16[^]*1\\\. .*First Tone.* · 0:08[^]*2\\\. .*Second Tone/u,
    );
    expect(await does("favourites play", { number: 3 })).toContain(ERRORS.NO_SUCH_ENTRY.message);
    expect(await does("favourites play")).toContain("Added **2 songs** of **Favourites** to the queue.");
    expect(await does("queue")).toMatch(/1\\\. .*First Tone[^]*2\\\. .*Second Tone/u);
    expect(await does("favourites remove", { number: 2 })).toMatch(/Took .*Second Tone.* off/u);
    expect(await does("favourites remove")).toMatch(/Took .*First Tone.* off/u);
    expect(await does("favourites show")).toContain("No favourites yet");
    await stop();
  });

  it("playlists are made, filled, shown, shared, played and deleted", async () => {
    const does = doer(surface);
    const name = `Road ${surface}`;
    expect(await does("playlist all")).toContain("None yet");
    expect(await does("playlist create", { name })).toContain(`Made the playlist **${name}**.`);
    expect(await does("playlist create", { name: name.toUpperCase() })).toContain(ERRORS.LIST_EXISTS.message);
    expect(await does("playlist create", { name: "x".repeat(60) })).toContain(ERRORS.NO_LIST_NAME.message);
    await playing(song);
    expect(await does("playlist add", { name })).toMatch(/Added .*First Tone.* to/u);
    room.ann.says("general", `?play ${other.url}`);
    await says(stage, room.guild, /Added .*Second Tone.* number 1 in the queue/u);
    expect(await does("playlist save", { name: "Tonight" })).toContain("Added **2 songs** to **Tonight**.");
    expect(await does("playlist remove", { number: 1, name: "Tonight" })).toMatch(/Took .*First Tone/u);
    expect(await does("playlist show", { name: "tonight" })).toMatch(
      /Tonight · 1 song · 0:08[^]*1\\\. .*Second Tone/u,
    );
    expect(await does("playlist share", { name: "tonight" })).toContain("Everyone in this server");
    expect(await does("playlist all")).toMatch(/Yours[^]*Road[^]*Tonight[^]*This server's[^]*Tonight/u);
    expect(await does("playlist delete", { name: "Tonight" })).toContain("Deleted the playlist **Tonight**.");
    expect(await does("playlist show", { name: "Tonight" })).toContain("of this server");
    expect(await does("playlist take", { name: "Tonight" })).toContain("is yours now");
    expect(await does("playlist play", { name: "Tonight" })).toContain("Added **1 song** of **Tonight**");
    expect(await does("playlist delete", { name: "Tonight" })).toContain("Deleted");
    expect(await does("playlist delete", { name })).toContain("Deleted");
    expect(await does("playlist delete", { name })).toContain(ERRORS.NO_SUCH_LIST.message);
    await stop();
  });

  it("the history tells what was played, and who asked", async () => {
    const does = doer(surface);
    expect(await does("history")).toContain("Nothing was played yet.");
    await playing(song);
    // What was played is written down a moment after it began.
    await expect
      .poll(async () => await does("history"), WHILE_WRITTEN)
      .toMatch(new RegExp(`<t:\\d+:R> · .*First Tone.* · <@${room.ann.id}>`, "u"));
    await stop();
  });

  it("a song is sent to who wants it, unless they take no messages", async () => {
    const does = doer(surface);
    expect(await does("grab")).toContain(ERRORS.NOTHING_PLAYING.message);
    await playing(song);
    expect(await does("grab")).toContain("It is in your direct messages.");
    expect(room.ann.received.at(-1)?.text).toMatch(/First Tone[^]*It was at 0:0\d[^]*watch\?v=/u);
    room.ann.takesDirectMessages(false);
    expect(await does("grab")).toContain(ERRORS.NO_DIRECT_MESSAGE.message);
    room.ann.takesDirectMessages(true);
    await stop();
  });

  it("what goes on by itself is shown and chosen", async () => {
    const does = doer(surface);
    for (const [name, off, on] of [
      ["autoplay", "it is quiet", "songs like the last ones go on"],
      ["sponsorblock", "played whole", "jumped over"],
    ] as const) {
      expect(await does(name)).toContain(off);
      expect(await does(name, { choice: "on" })).toContain(on);
      expect(await does(name)).toContain(on);
      expect(await does(name, { choice: "off" })).toContain(off);
    }
  });
});

const fileOf = (message: Message | undefined): GivenFile | undefined => {
  const [attachment] = message?.attachments ?? [];
  return (
    attachment && {
      filename: attachment.filename,
      contentType: attachment.contentType,
      data: attachment.data,
    }
  );
};

describe("a list as a file", () => {
  it.each(["json", "m3u"])("is written as %s and read again, by slash and by prefix", async (format) => {
    const { ann, guild } = room;
    const name = `Tour ${format}`;
    await ann.uses("general", "playlist create", { name });
    for (const { url } of [song, other])
      await ann
        .uses("general", "playlist add", { name, song: url })
        .then((used) => stage.discord.until(() => used.text.includes("Added"), { what: "it is added" }));
    const exported = await ann.uses("general", "playlist export", { name, format });
    expect(exported.text).toContain(`**${name}** with 2 songs`);
    const file = fileOf(exported.message);
    expect(file?.filename).toBe(`playlist.${format}`);
    if (!file) throw new Error("there is no file");

    const imported = await ann.uses("general", "playlist import", { file, name: `Again ${format}` });
    expect(await stage.discord.until(() => imported.text, { what: "it is read" })).toContain(
      "Added **2 songs**",
    );
    const question = ann.says("general", `?playlist import Typed ${format}`, { files: [file] });
    const answer = (): Message | undefined =>
      written(stage, guild).find(({ facts }) => facts.replyTo === question);
    expect((await stage.discord.until(answer, { what: "an answer" })).text).toContain("Added **2 songs**");
    for (const list of [`Again ${format}`, `Typed ${format}`])
      expect((await ann.uses("general", "playlist show", { name: list })).text).toMatch(
        /2 songs · 0:16[^]*1\\\. .*First Tone[^]*2\\\. .*Second Tone/u,
      );
  });

  it("that is none is refused, and nothing is made of it", async () => {
    const { ann } = room;
    const file = {
      filename: "x.json",
      contentType: "application/json",
      data: Buffer.from('{"songs":[1,"x"]}'),
    };
    const used = await ann.uses("general", "playlist import", { file, name: "Nothing" });
    expect(await stage.discord.until(() => used.text, { what: "an answer" })).toContain(
      "There are no links to songs in that file. Give a playlist as JSON or M3U of at most 1 MiB.",
    );
    expect((await ann.uses("general", "playlist show", { name: "Nothing" })).text).toContain(
      ERRORS.NO_SUCH_LIST.message,
    );
  });
});

const uses = async (who: Person, line: string, values: Values): Promise<string> =>
  (await who.uses("general", line, values)).text;

it("a list of the server is changed by who made it and by managers alone", async () => {
  const { ann, guild } = room;
  const bob = guild.addPerson({ name: "Bob" });
  const cleo = guild.addPerson({ name: "Cleo", permissions: Permission.ManageGuild });
  const values = { name: "Ours", server: true };
  await ann.uses("general", "playlist create", values);
  expect(await uses(bob, "playlist delete", values)).toContain(
    "Only the one who made it and people with Manage Server may do that.",
  );
  expect(await uses(bob, "playlist show", { name: "Ours" })).toContain("of this server");
  expect(await bob.types("general", "playlist show", { name: "ou" })).toEqual([
    expect.objectContaining({ name: "Ours", value: "Ours" }),
  ]);
  expect(await uses(cleo, "playlist delete", values)).toContain("Deleted");
});

it("a long list is turned page by page, also after a restart", async () => {
  const { ann } = room;
  const file = {
    filename: "x.m3u",
    contentType: "audio/x-mpegurl",
    data: Buffer.from(
      Array.from({ length: 13 }, (_, n) => `#EXTINF:60,Tone ${n + 1}\nhttps://media.example/${n}.mp3`).join(
        "\n",
      ),
    ),
  };
  const used = await ann.uses("general", "playlist import", { file, name: "Thirteen: a list" });
  await stage.discord.until(() => used.text.includes("13 songs"), { what: "it is read" });
  const shown = await ann.uses("general", "playlist show", { name: "Thirteen: a list" });
  expect(shown.text).toMatch(/13 songs · 13:00[^]*10\\\. \*\*Tone 10/u);
  await bot.stop();
  bot = await stage.startBot({ SERVICE_URLS: services.serviceUrls });
  const next = await ann.presses(shown, "Next ▶");
  expect(next.text).toMatch(/11\\\. \*\*Tone 11[^]*13\\\. \*\*Tone 13/u);
});
