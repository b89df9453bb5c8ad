import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { renderFinding } from "../../src/app/finding.ts";

test("the state is a word, so that nothing depends on colour", () => {
  const lines = (["ok", "warning", "problem"] as const).map((status) =>
    renderFinding({ name: "ffmpeg", status, text: "said" }, new PassThrough()),
  );
  expect(lines).toEqual([
    "ok       ffmpeg        said",
    "warning  ffmpeg        said",
    "problem  ffmpeg        said",
  ]);
});
