import { beforeEach, describe, expect, it } from "vitest";
import { command as language } from "../../commands/language.ts";
import { createGuildLanguages } from "../../src/app/guild-languages.ts";
import { splitLine } from "../../src/command/split-line.ts";
import type { CommandContext } from "../../src/command/context.ts";
import { dispatch } from "../../src/command/dispatch.ts";
import { GuildSettings } from "../../src/db/guild-settings.ts";
import { freshDatabase } from "../db/database.ts";
import { Desk } from "../fakes/command-context.ts";
import { BOB } from "../fakes/people.ts";

const member = BOB;

let desk: Desk;

beforeEach(async () => {
  const settings = new GuildSettings(await freshDatabase());
  desk = new Desk({
    languages: await createGuildLanguages({ settings, ofBot: "en", localeOf: () => undefined }),
  });
});

const says = (line: string, more: Partial<CommandContext> = {}): Promise<void> => {
  const texts = desk.services.languages.textsFor("guild");
  return dispatch(
    { log: desk.bench.log, newReference: () => "ref" },
    language,
    splitLine(language.args, line),
    desk.context({ surface: "prefix", texts, publicTexts: texts, privateTexts: texts, ...more }),
  );
};

describe("?language", () => {
  it("tells everyone which one is spoken", async () => {
    await says("", { actor: member });
    expect(desk.text).toContain("I speak as Discord is set");
    await says("de");
    await says("", { actor: member });
    expect(desk.text).toContain("Ich spreche hier **Deutsch**. Zur Auswahl stehen: en, de oder auto.");
  });

  it.each(["de", "DE", "name de"])("lets an administrator choose by %j, and answers in it", async (line) => {
    await says(line, { actor: { ...member, isManager: true } });
    expect(desk.text).toContain("Ab jetzt spreche ich hier **Deutsch**.");
    expect(desk.services.languages.choiceOf("guild")).toBe("de");
  });

  it("goes back to what Discord says", async () => {
    await says("de");
    await says("auto");
    expect(desk.text).toContain("From now on I speak as Discord is set.");
    expect(desk.services.languages.choiceOf("guild")).toBeUndefined();
  });

  it("refuses everyone else, and what is no language, in the language that is spoken", async () => {
    await says("de", { actor: member });
    expect(desk.text).toContain("Only people with Manage Server may do that.");
    await says("klingon");
    expect(desk.text).toContain("name must be one of en, de or auto. Usage: ?language [en|de|auto]");
    await says("de");
    await says("klingon");
    expect(desk.text).toContain(
      "name muss eines von en, de oder auto sein. So geht es: ?language [en|de|auto]",
    );
    await says("en", { actor: member });
    expect(desk.text).toContain("Das darf nur jemand mit dem Recht „Server verwalten“.");
  });
});
