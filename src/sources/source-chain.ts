// Several extractors as one source: the next one is asked where, and only where, it could do better.
import { AppError, errorKind, toAppError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Source } from "./source.ts";

/**
 * @param sources in the order of EXTRACTORS
 * @returns a source that fails with the first error when all fail: the preferred extractor tells most, unless it is
 * just missing
 */
export function chainSources(sources: readonly Source[], logger: Logger): Source {
  const serving = (family: string): readonly Source[] => sources.filter((source) => source.serves(family));
  const moveOn = createMoveOn(logger);
  return {
    name: sources.map(({ name }) => name).join(","),
    serves: (family) => serving(family).length > 0,
    health: async (signal) => summary(await Promise.all(sources.map((source) => source.health(signal)))),
    resolve: (target, signal) =>
      firstOf(serving(target.source), (source) => source.resolve(target, signal), moveOn),
    search: (text, limit, signal) => firstOf(sources, (source) => source.search(text, limit, signal), moveOn),
    playlist: (list, range, signal) =>
      firstList(serving(list.source), (source) => source.playlist(list, range, signal), moveOn),
    download: (request, signal) =>
      firstOf(serving(request.target.source), (source) => source.download(request, signal), moveOn),
    live: (target, signal) =>
      firstList(serving(target.source), (source) => source.live?.(target, signal), moveOn),
  };
}

/** Returns the error when the next source may be asked, throws it when that cannot help. */
type MoveOn = (from: Source, thrown: unknown) => AppError;

function createMoveOn(logger: Logger): MoveOn {
  return (from, thrown) => {
    const error = toAppError(thrown);
    if (!errorKind(error.code).tryOther) throw error;
    logger.warn("source.passed_on", { source: from.name, code: error.code, ...error.context });
    return error;
  };
}

async function firstOf<T>(
  candidates: readonly Source[],
  work: (source: Source) => Promise<T>,
  moveOn: MoveOn,
): Promise<T> {
  const errors: AppError[] = [];
  for (const source of candidates) {
    try {
      return await work(source);
    } catch (error) {
      errors.push(moveOn(source, error));
    }
  }
  throw mostTelling(errors);
}

/** Changes to the next source only before the first entry: later the reader would get entries twice. */
async function* firstList<T>(
  candidates: readonly Source[],
  list: (source: Source) => AsyncIterable<T> | undefined,
  moveOn: MoveOn,
): AsyncGenerator<T, void, undefined> {
  const errors: AppError[] = [];
  for (const source of candidates) {
    const entries = list(source);
    if (!entries) continue;
    let hasBegun = false;
    try {
      for await (const entry of entries) {
        hasBegun = true;
        yield entry;
      }
      return;
    } catch (error) {
      if (hasBegun) throw error;
      errors.push(moveOn(source, error));
    }
  }
  throw mostTelling(errors);
}

function mostTelling(errors: readonly AppError[]): AppError {
  const told = errors.find(({ code }) => code !== "EXTRACTOR_MISSING");
  return (
    told ??
    errors[0] ??
    new AppError("EXTRACTOR_MISSING", { reason: "EXTRACTORS names none that can do this" })
  );
}

function summary(
  all: readonly Awaited<ReturnType<Source["health"]>>[],
): Awaited<ReturnType<Source["health"]>> {
  const usable = all.find((one) => one.usable);
  return {
    name: all.map(({ name }) => name).join(","),
    usable: usable !== undefined,
    version: usable?.version ?? null,
    ageDays: usable?.ageDays ?? null,
    problems: all.flatMap(({ problems }) => problems),
  };
}
