import { glob, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, expectTypeOf, it } from "vitest";
import { GROUPS } from "../../src/command/groups.ts";
import { AppError, type ErrorCode, ERRORS } from "../../src/core/errors.ts";
import { phrase } from "../../src/core/sentence.ts";
import type { KeepReason, RemovalReason } from "../../src/maintenance/judgement.ts";
import { errorText, LANGUAGES, languageOfLocale, type Texts } from "../../src/texts/texts.ts";
import { type Leaf, leavesOf } from "./leaves.ts";

const commandGroups = await Promise.all(
  GROUPS.map((group) => import(`../../src/texts/en/commands/${group}.ts`) as Promise<Record<string, object>>),
);

const ROOT = path.join(import.meta.dirname, "../..");
/** https://docs.discord.com/developers/interactions/application-commands */
const MAX_DESCRIPTION = 100;
/** What fits beside another button on a phone. */
const MAX_LABEL = 34;
/** https://docs.discord.com/developers/components/reference */
const MAX_FORM_LABEL = 45;
const MAX_OPTION = 100;
/** So that no panel of several lines comes near the 4,000 characters of a message. */
const MAX_LINE = 400;
const LARGE = 999_999_999;

/** What a text says of large numbers, and which facts it asks for. */
function told(leaf: Leaf): { readonly text: string; readonly asked: readonly string[] } {
  if (typeof leaf === "string") {
    const gaps = [...leaf.matchAll(/\{(?<name>\w+)\}/gu)].map(({ groups }) => groups?.["name"] ?? "");
    return { text: leaf, asked: gaps.toSorted() };
  }
  const asked = new Set<string>();
  const facts = new Proxy({}, { get: (_facts, name) => (asked.add(String(name)), LARGE) });
  return { text: leaf(facts as never), asked: [...asked].toSorted() };
}

function factsOf(leaves: readonly [string, Leaf][]): Record<string, readonly string[]> {
  return Object.fromEntries(leaves.map(([name, leaf]) => [name, told(leaf).asked]));
}

/** `undefined` = the text is good. */
function problemOf(name: string, text: string): string | undefined {
  const isOneLine = text === text.trim() && /^(?!.*(?:\s{2}|undefined|NaN|\[object)).+$/u.test(text);
  return isOneLine && text.length <= mostCharacters(name) ? undefined : `${name}: ${text}`;
}

function mostCharacters(name: string): number {
  if (name.startsWith("commands.")) return MAX_DESCRIPTION;
  if (name.startsWith("help.groups.") || name === "help.part" || name === "help.choose") return MAX_OPTION;
  return name.includes("buttons.") ? MAX_LABEL : MAX_LINE;
}

const english = new Map(leavesOf(LANGUAGES.en));

describe.each(Object.entries(LANGUAGES))("the catalogue %s", (code, texts) => {
  const leaves = leavesOf(texts);

  it("has the texts that English has, and no others", () => {
    expect(leaves.map(([name]) => name).toSorted()).toEqual([...english.keys()].toSorted());
  });

  it("asks for the same facts as English", () => {
    expect(factsOf(leaves)).toEqual(factsOf([...english]));
  });

  it("says of everything one line that Discord takes", () => {
    expect(leaves.length).toBeGreaterThan(200);
    expect(leaves.flatMap(([name, leaf]) => problemOf(name, told(leaf).text) ?? [])).toEqual([]);
  });

  it("has sentences for errors that end, and nothing left to fill in", () => {
    for (const errorCode of Object.keys(ERRORS) as ErrorCode[]) {
      const gaps = told(texts.errors[errorCode]).asked;
      const context = Object.fromEntries(gaps.map((name) => [name, phrase("OWNER")]));
      const sentence = errorText(new AppError(errorCode, context), texts);
      expect(sentence).not.toMatch(/\{\w+\}/u);
      expect(texts.errors[errorCode]).toMatch(
        /(\.|\}|: npm run (setup|doctor|cache -- [a-z]+)|: \/[a-z_]+)$/u,
      );
    }
  });

  it("has titles and fields of forms that fit", () => {
    const { clearAll, formField } = texts.cache;
    for (const text of [clearAll, formField({ files: String(LARGE) })])
      expect(text.length).toBeLessThanOrEqual(MAX_FORM_LABEL);
  });

  it("is found by its locales, which Intl and Discord know", () => {
    expect(Intl.PluralRules.supportedLocalesOf(texts.locale)).toEqual([texts.locale]);
    for (const locale of texts.discordLocales) expect(languageOfLocale(locale)).toBe(code);
  });
});

it("a language that nobody has written is none", () => {
  expect(languageOfLocale("tlh")).toBeUndefined();
});

it("German has German quotation marks and apostrophes", () => {
  const wrong = leavesOf(LANGUAGES.de).filter(([, leaf]) => /["'”]/u.test(told(leaf).text));
  expect(wrong).toEqual([]);
});

/** Chosen by a name that is known at run time only. */
const TABLES = /\.(?:reasons|scope|rule|ruleSet|ended|filters|groups|options|loop|lacks)\.[^.]+$/u;
/** Looked up by codes and kinds, or no text for people. */
const NOT_NAMED = /^(?:errors\.|notices\.|locale$)/u;

it("no two groups of commands describe the same one", () => {
  const names = commandGroups.flatMap((module) =>
    Object.values(module).flatMap((group) => Object.keys(group)),
  );
  expect(names.toSorted()).toEqual(Object.keys(LANGUAGES.en.commands).toSorted());
});

it("every text is used", async () => {
  const files: string[] = [];
  for await (const file of glob("{commands,src/{app,command,core,discord,maintenance,policy}}/**/*.ts", {
    cwd: ROOT,
  }))
    if (!file.endsWith("sentence.ts")) files.push(await readFile(path.join(ROOT, file), "utf8"));
  const source = files.join("\n");
  const isUsed = (name: string): boolean => {
    const phraseName = name.startsWith("phrases.") && name.slice("phrases.".length);
    if (phraseName) return new RegExp(`["{]${phraseName}["}]`, "u").test(source);
    const [last = ""] = name
      .replace(TABLES, (entry) => `.${entry.split(".")[1]}`)
      .split(".")
      .slice(-1);
    return new RegExp(String.raw`\.${last}\b|[{,]\s*${last}\b\s*(?=[,}:=])`, "u").test(source);
  };
  const unused = [...english.keys()].filter((name) => !NOT_NAMED.test(name) && !isUsed(name));
  expect(unused).toEqual([]);
});

it("knows every reason that a clean-up gives", () => {
  expectTypeOf<keyof Texts["cache"]["reasons"]>().toEqualTypeOf<RemovalReason | KeepReason>();
});
