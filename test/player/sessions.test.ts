import { expect, it, vi } from "vitest";
import { Sessions } from "../../src/player/sessions.ts";
import { youtubeId } from "../fakes/tracks.ts";
import { LOUNGE, SessionUnderTest, song } from "./set-up.ts";

function sessions(): { bench: SessionUnderTest; sessions: Sessions } {
  const bench = new SessionUnderTest(60_000);
  bench.voice.autoplay = false;
  return { bench, sessions: new Sessions(bench.sharedDeps()) };
}

const keys = (...numbers: readonly number[]): ReadonlySet<string> => new Set(numbers.map(youtubeId));

it("has one session for each guild", () => {
  const { sessions: all } = sessions();
  expect(all.of("a")).toBe(all.of("a"));
  expect(all.of("a")).not.toBe(all.of("b"));
  expect(all.of("b").guildId).toBe("b");
});

it("knows what plays or waits anywhere, until it has ended", async () => {
  const { bench, sessions: all } = sessions();
  all.of("a").enqueue([song(1), song(2)], LOUNGE);
  all.of("b").enqueue([song(2), song(3)], LOUNGE);
  expect(all.keysByGuild()).toEqual(
    new Map([
      ["a", keys(1, 2)],
      ["b", keys(2, 3)],
    ]),
  );
  await vi.waitFor(() => expect(bench.told).toHaveLength(2));
  await all.end("a");
  expect(all.keysByGuild()).toEqual(new Map([["b", keys(2, 3)]]));
  await all.end("unknown");
  await all.close();
  expect(all.keysByGuild()).toEqual(new Map());
  expect(bench.voice.links.every(({ isOpen }) => !isOpen)).toBe(true);
});
