import { expect, it } from "vitest";
import { loadCommands } from "../../src/app/load-commands.ts";
import { variantsOf } from "../../src/command/define.ts";

const variants = (await loadCommands()).flatMap(variantsOf);

it.each(["favourites add", "playlist add", "lyrics"])("%s takes a song by a long link", (name) => {
  const { song } = variants.find((variant) => variant.name === name)?.args ?? {};
  expect(song).toMatchObject({ maxLength: 2_000 });
});
