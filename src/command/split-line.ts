/** What somebody typed after a command, separated into its arguments. */
import { fits, isThing } from "./arg-values.ts";
import {
  type Arg,
  type Args,
  type AttachedFile,
  needsDashes,
  type RawValue,
  type RawValues,
  SURPLUS,
  type Thing,
} from "./args.ts";

/**
 * Separates a line by name. What has its name with it is taken out first; where a text is needed only as `--name` or
 * `name:`, since words of a song's title must not be taken for arguments. Then the words go to the other arguments in
 * turn, each to the first that it fits; a text takes the rest. Words that fit none go to one that will complain.
 */
export function splitLine(args: Args, line: string, files: readonly AttachedFile[] = []): RawValues {
  const raw = new Map<string, RawValue>();
  const rest = takeNamed(args, line.trim(), raw);
  const wanted = Object.entries(args).filter(([, { kind }]) => kind === "file");
  for (const [index, [name]] of wanted.entries()) {
    const attached = files[index];
    if (attached) raw.set(name, attached);
  }
  shareOut(args, rest, raw);
  return raw;
}

/** From left to right, so that a value that is called like an argument stays a value. */
function takeNamed(args: Args, line: string, raw: Map<string, RawValue>): string {
  const withDashes = needsDashes(args);
  let rest = line;
  for (;;) {
    const [first] = Object.entries(args)
      .flatMap(([name, arg]) => {
        const match = raw.has(name) ? null : patternOf(name, arg, withDashes)?.exec(rest);
        return match ? [{ name, match }] : [];
      })
      .toSorted((a, b) => a.match.index - b.match.index);
    if (!first) return rest;
    const { name, match } = first;
    raw.set(name, match.groups?.["value"] ?? true);
    const [before, after] = [rest.slice(0, match.index), rest.slice(match.index + match[0].length)];
    rest = `${before.trimEnd()} ${after.trimStart()}`.trim();
  }
}

function patternOf(name: string, { kind }: Arg, withDashes: boolean): RegExp | undefined {
  if (kind === "file" || kind === "text") return undefined;
  if (kind === "flag") return new RegExp(String.raw`(?<=^|\s)--${name}(?=\s|$)`, "u");
  const before = withDashes
    ? String.raw`(?:--${name}[\s:=]\s*|${name}[:=])`
    : String.raw`(?:--)?${name}[\s:=]\s*`;
  return new RegExp(String.raw`(?<=^|\s)${before}(?<value>\S+)`, "u");
}

function shareOut(args: Args, line: string, raw: Map<string, RawValue>): void {
  const isFree = ([name, { kind, isNamed }]: [string, Arg]): boolean =>
    kind !== "flag" && kind !== "file" && !isNamed && !raw.has(name);
  const free = Object.entries(args).filter(isFree);
  let rest = line;
  let last = "";
  for (const [name, arg] of free) {
    const [whole, value] = firstOf(arg, rest);
    if (value === "" || !fits(arg, value)) continue;
    raw.set(name, value);
    rest = rest.slice(whole.length);
    last = name;
  }
  if (rest !== "") complain(args, { first: free[0]?.[0], last, rest }, raw);
}

/** What an argument would take of a line: with the space behind it, and without. */
function firstOf(arg: Arg, line: string): readonly [whole: string, value: string] {
  const [whole = "", value = ""] = arg.kind === "text" ? [line, line] : (/^(\S+)\s*/u.exec(line) ?? []);
  return [whole, value];
}

interface LeftOver {
  readonly first: string | undefined;
  readonly last: string;
  readonly rest: string;
}

/** Commands without anything to say do not mind what is said. */
function complain(args: Args, { first, last, rest }: LeftOver, raw: Map<string, RawValue>): void {
  const before = raw.get(last);
  if (typeof before === "string") raw.set(last, `${before} ${rest}`);
  else if (first !== undefined) raw.set(first, rest);
  else if (Object.values(args).some(({ isNamed }) => isNamed)) raw.set(SURPLUS, rest);
}

/** Puts IDs in place of names, where somebody typed the name of a role, a channel or a person. */
export function withIds(
  args: Args,
  raw: RawValues,
  find: (kind: Thing, name: string) => string | undefined,
): RawValues {
  return new Map(
    [...raw].map(([name, value]) => {
      const arg = Object.hasOwn(args, name) ? args[name] : undefined;
      if (arg === undefined || !isThing(arg) || typeof value !== "string" || fits(arg, value))
        return [name, value];
      return [name, find(arg.kind, value.replace(/^[@#]/u, "")) ?? value];
    }),
  );
}
