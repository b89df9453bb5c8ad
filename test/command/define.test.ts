import { describe, expect, it } from "vitest";
import { flag, text } from "../../src/command/args.ts";
import {
  defineCommand,
  defineSubcommand,
  usageText,
  variantOf,
  variantsOf,
} from "../../src/command/define.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";

const nothing = (): Promise<void> => Promise.resolve();
const box = defineCommand({
  name: "box",
  group: "server",
  description: () => "Look into the box",
  args: { public: flag(() => "For all") },
  action: "view",
  visibility: "private",
  needs: [],
  run: nothing,
  mainWord: "look",
  subcommands: {
    put: defineSubcommand({
      description: () => "Put in",
      args: { what: text(() => "What") },
      action: "cache.clean",
      run: nothing,
      visibility: "public",
    }),
  },
});

describe("a command with subcommands", () => {
  it.each(["", "look"])("is itself after %j", (word) => {
    expect(variantOf(box, word)).toMatchObject({
      name: "box",
      group: "server",
      description: box.description,
      action: "view",
    });
  });

  it("is the subcommand after its word, with that one's rights and arguments", () => {
    const put = variantOf(box, "put")!;
    expect(put).toMatchObject({ name: "box put", action: "cache.clean", visibility: "public" });
    expect(usageText(put, "?", LANGUAGES.en)).toBe("?box put <what>");
  });

  it.each(["take", "toString", "constructor"])("has no %j", (word) => {
    expect(variantOf(box, word)).toBeUndefined();
  });

  it("counts as several where all commands are shown", () => {
    expect(variantsOf(box).map((one) => usageText(one, "/", LANGUAGES.en))).toEqual([
      "/box [--public]",
      "/box put <what>",
    ]);
  });
});
