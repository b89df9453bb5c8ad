import { describe, expect, it } from "vitest";
import type { Stage } from "../sandbox/stage.ts";
import { onStage } from "./actions.ts";
import { expectFailure, expectHealed, type FailingSong, Failures } from "./failing-songs.ts";

/** yt-dlp asks such a server for more, for ever; the watch over its pace ends that after half a minute. */
const CASES: readonly FailingSong[] = [
  { what: "cut in its middle, always", faults: { cutAtByte: 20_000 }, code: "DOWNLOAD_INCOMPLETE" },
  { what: "short with a clean end", faults: { endAtByte: 15_000 }, code: "DOWNLOAD_INCOMPLETE" },
];

let failures: Failures;
let stage: Stage;

onStage(async (ready) => {
  stage = ready;
  failures = await Failures.prepare(stage, CASES);
});

describe("songs whose source gives no more than a part", () => {
  it("are given up: one sentence, nothing kept, and the next song plays", async () => {
    for (const each of CASES) failures.ask(each);
    for (const each of CASES) await expectFailure(failures, each);
    expect(await stage.workFiles()).toEqual([]);
  });

  it("play once it gives all and the pause is over", async () => {
    await expectHealed(failures);
    expect(await stage.cachedFiles()).toHaveLength(3);
  });
});
