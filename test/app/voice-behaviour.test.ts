import { beforeEach, describe, expect, it } from "vitest";
import { createSongStatus, createVoiceNews } from "../../src/app/voice-behaviour.ts";
import type { Panel } from "../../src/command/panel.ts";
import { AppError } from "../../src/core/errors.ts";
import { guildOptions } from "../../src/core/guild-options.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { phrase } from "../../src/core/sentence.ts";
import type { GuildSession } from "../../src/player/guild-session.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import { fakeHandle } from "../fakes/message-handle.ts";
import { NASTY_TITLES } from "../fakes/nasty-titles.ts";
import { song } from "../player/set-up.ts";

type State = GuildSession["state"];

const titled = (title: string) => {
  const item = song(1);
  return { ...item, track: { ...item.track, title, artist: "" } };
};
const IDLE: State = { status: "idle" };
const playing = (title: string): State => ({ status: "playing", item: titled(title), audio: {} as never });
const loading = (title: string): State => ({ status: "loading", item: titled(title), preparation: null });

describe("the song under the voice channel's name", () => {
  let shown: (string | undefined)[];
  let isWanted: boolean;
  let session: { guildId: string; state: State };
  let onChanged: (session: GuildSession) => void;

  beforeEach(() => {
    shown = [];
    isWanted = true;
    session = { guildId: "guild", state: IDLE };
    const status = { show: (_guildId: string, text: string | undefined) => void shown.push(text) };
    onChanged = createSongStatus(status, { of: () => ({ voiceStatus: isWanted }) });
  });

  /** The session is like this now, and what follows from it has been done. */
  async function becomes(...states: readonly State[]): Promise<void> {
    for (const state of states) {
      session.state = state;
      onChanged(session as GuildSession);
    }
    await new Promise(setImmediate);
  }

  it("is that which plays, and none when none does", async () => {
    await becomes(playing("Africa"));
    await becomes(IDLE);
    expect(shown).toEqual(["♪ Africa", undefined]);
  });

  it("does not flicker between two songs, and stays while the next one is fetched", async () => {
    await becomes(playing("One"));
    await becomes(IDLE, playing("Two"));
    await becomes(IDLE, loading("Three"));
    expect(shown).toEqual(["♪ One", "♪ Two"]);
  });

  it("is not there in a guild that does not want it", async () => {
    await becomes(playing("One"));
    isWanted = false;
    await becomes(loading("Two"));
    await becomes(playing("Two"));
    expect(shown).toEqual(["♪ One", undefined, undefined]);
  });

  it.each(NASTY_TITLES.map((title) => [title.slice(0, 30), title]))(
    "is harmless for %j",
    async (_name, title) => {
      await becomes(playing(title));
      const text = shown[0] ?? "";
      expect(text.startsWith("♪ ")).toBe(true);
      expect(text.length).toBeLessThanOrEqual(500);
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toMatch(/[<@\n]|:\/\/|\]\(|[\p{Cc}\p{Cf}]/u);
    },
  );
});

describe("news of a voice channel", () => {
  let chosen: { announceChannel?: string } = {};
  const audiences: string[][] = [];
  const posted: { readonly channelId: string; readonly panel: Panel }[] = [];
  const session = {
    channel: undefined as GuildSession["channel"],
    state: IDLE as State,
    setAudience: (ids: ReadonlySet<string>) => void audiences.push([...ids]),
  };
  const news = createVoiceNews({
    sessions: { of: () => session as GuildSession },
    discord: {
      post: (channelId, panel) => {
        posted.push({ channelId, panel });
        return Promise.resolve(fakeHandle(() => undefined));
      },
    },
    languages: { textsFor: () => LANGUAGES.en },
    options: { of: () => guildOptions(chosen) },
    bitrates: { onPlaced: () => undefined },
    log: silentLogger,
  });

  it("tell a session who listens, unless it has given the channel up", () => {
    news.onAudience("guild", new Set(["ann"]));
    session.channel = { guildId: "guild", channelId: "lounge", name: "Lounge" };
    news.onAudience("guild", new Set(["ann", "bob"]));
    expect(audiences).toEqual([["ann", "bob"]]);
  });

  it("tell people why nobody hears their song, where they asked for it or the guild wants it", () => {
    const why = new AppError("VOICE_MUTED", { channel: "<#1>", needed: phrase("MUTE_MEMBERS") });
    news.onUnheard("guild", why);
    expect(posted).toEqual([]);
    session.state = playing("Africa");
    news.onUnheard("guild", why);
    chosen = { announceChannel: "7" };
    news.onUnheard("guild", why);
    const panel = { lines: [why.message] };
    expect(posted).toMatchObject([
      { channelId: "text", panel },
      { channelId: "7", panel },
    ]);
  });
});
