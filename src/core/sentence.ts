/** Sentences with gaps that facts fill, in any language. */
import { formatBytes } from "./format.ts";

/** What fills the gaps, by name. */
export type Facts = Readonly<Record<string, unknown>>;

/** Parts of sentences that a fact stands for, in English; other languages have a table of the same names. */
export const PHRASES = {
  OWNER: "the owner of this bot",
  MANAGER: "people with Manage Server",
  LIST_MAKER: "the one who made it and people with Manage Server",
  DJ: "people with the role {role}",
  PEOPLE: "people",
  CHARACTERS: "at most {most} characters",
  WHOLE_NUMBER: "a whole number from {min} to {max}",
  DURATION: "a time such as 1:30, 90 or 1m30s, at most {most}",
  ATTACHED: "a file that hangs on the message",
  MENTION: "found in this server, such as {like}",
  NUMBERS: "a number such as 3, or a range such as 3-7",
  POSITION: "a position such as 1:23, 83 or 1m23s",
  ONE_OF: "one of {names} or {last}",
  NO_FILES: "no files at all",
  NEARLY_TOO_FULL: "nearly too full",
  TOO_FULL: "too full",
  MISSING: "missing",
  DAMAGED: "damaged",
  BEGUN_ANEW: "begun anew from the songs in the cache",
  BROUGHT_BACK: "brought back, no song is lost",
  VIEW_CHANNEL: "**View Channel**",
  CONNECT: "**Connect**",
  SPEAK: "**Speak**",
  MUTE_MEMBERS: "**Mute Members**",
  SET_VOICE_STATUS: "**Set Voice Channel Status**",
  SEND_MESSAGES: "**Send Messages**",
  SEND_IN_THREADS: "**Send Messages in Threads**",
  READ_MESSAGE_HISTORY: "**Read Message History**",
  EMBED_LINKS: "**Embed Links**",
  MANAGE_MESSAGES: "**Manage Messages**",
  NUMBER: "NUMBER",
  NAME: "NAME",
  VALUE: "VALUE",
} as const;

export type PhraseName = keyof typeof PHRASES;

/** A fact that each language says in its own words. */
export interface Phrase {
  readonly phrase: PhraseName;
  readonly facts: Facts;
}

/** @param facts fill the gaps of the phrase itself */
export function phrase(name: PhraseName, facts: Facts = {}): Phrase {
  return { phrase: name, facts };
}

/** How a language says phrases and lists. */
export interface Wording {
  /** BCP 47 tag, for Intl. */
  readonly locale: string;
  readonly phrases: Readonly<Record<PhraseName, string>>;
}

/** A fact whose gaps are phrases: `queue [page {NUMBER}]`. */
export interface Template {
  readonly template: string;
}

const ENGLISH: Wording = { locale: "en", phrases: PHRASES };

/**
 * Fills `{name}` with texts, numbers as the language writes them, phrases and lists of these; what is none of them leaves
 * its gap as it is.
 * A number whose name ends in `Bytes` is written as a size: `1.5 GiB`.
 */
export function fill(sentence: string, facts: Facts, wording: Wording = ENGLISH): string {
  return sentence.replaceAll(/\{(\w+)\}/gu, (gap, name: string) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (typeof fact === "number" && name.endsWith("Bytes")) return formatBytes(fact, wording.locale);
    return inWords(fact, wording) ?? gap;
  });
}

function inWords(fact: unknown, wording: Wording): string | undefined {
  if (typeof fact === "string") return fact;
  if (typeof fact === "number") return new Intl.NumberFormat(wording.locale).format(fact);
  if (Array.isArray(fact)) return listOf(fact, wording);
  if (isTemplate(fact)) return fill(fact.template, wording.phrases);
  return isPhrase(fact) ? fill(wording.phrases[fact.phrase], fact.facts, wording) : undefined;
}

function listOf(facts: readonly unknown[], wording: Wording): string {
  return new Intl.ListFormat(wording.locale).format(facts.map((fact) => inWords(fact, wording) ?? ""));
}

function isTemplate(fact: unknown): fact is Template {
  return typeof fact === "object" && fact !== null && "template" in fact && typeof fact.template === "string";
}

function isPhrase(fact: unknown): fact is Phrase {
  return typeof fact === "object" && fact !== null && "phrase" in fact && "facts" in fact;
}
