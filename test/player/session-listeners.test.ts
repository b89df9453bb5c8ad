import { expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { GuildSession, SessionListener } from "../../src/player/guild-session.ts";
import type { PlayableAudio } from "../../src/player/playable-audio.ts";
import { allOf } from "../../src/player/session-listeners.ts";
import { song } from "./set-up.ts";

it("everybody is told everything, in turn", () => {
  const heard: string[] = [];
  const listener = (name: string): SessionListener => {
    const note =
      (what: string) =>
      (...news: readonly unknown[]): void =>
        void heard.push(`${name} ${what} ${news.length}`);
    return {
      onLoading: note("loading"),
      onStarted: note("started"),
      onPaused: note("paused"),
      onEnded: note("ended"),
      onFailed: note("failed"),
    };
  };
  const all = allOf([listener("a"), {}, listener("b")]);
  const session = {} as GuildSession;
  all.onLoading(session, song(1), null);
  all.onStarted(session, song(1), {} as PlayableAudio);
  all.onPaused(session, song(1));
  all.onEnded(session, song(1), { status: "cancelled" });
  all.onFailed(session, song(1), new AppError("INTERNAL"));
  expect(heard).toEqual(
    ["loading 3", "started 3", "paused 2", "ended 3", "failed 3"].flatMap((news) => [
      `a ${news}`,
      `b ${news}`,
    ]),
  );
});
