// One session of youtubei.js, loaded when it is first needed: the library costs about 80 MB of memory.
import type { Innertube } from "youtubei.js";
import { z } from "zod";
import { untilAborted } from "../core/abort.ts";
import { toAppError } from "../core/errors.ts";
import type { AppError } from "../core/errors.ts";
import { errorFromText, extractorError, recognizeFailure } from "./extractor-errors.ts";
import type { ExtractorFetch } from "./extractor-fetch.ts";

/** Runs work with the session. @throws {AppError} whatever the library throws, as one of our codes */
export type WithSession = <T>(work: (session: Innertube) => Promise<T>, signal: AbortSignal) => Promise<T>;

/** One request to YouTube; without it a lost answer would hold a call for ever, as the library knows no signal. */
const REQUEST_TIMEOUT_MS = 20_000;

export function createYoutubeiSession(fetch: ExtractorFetch): WithSession {
  let opening: Promise<Innertube> | undefined;
  const limited: ExtractorFetch = (input, init) =>
    fetch(input, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  return async (work, signal) => {
    opening ??= openSession(limited);
    const mine = opening;
    try {
      return await untilAborted(mine.then(work), signal);
    } catch (error) {
      const problem = problemOf(error);
      // A session can be what YouTube objects to; the next call begins with a new one.
      const isSpoilt = ["BOT_CHECK", "EXTRACTOR_BROKEN", "SOURCE_UNREACHABLE"].includes(problem.code);
      if (isSpoilt && opening === mine) opening = undefined;
      throw problem;
    }
  };
}

async function openSession(fetch: ExtractorFetch): Promise<Innertube> {
  const { Innertube, Log } = await import("youtubei.js");
  // It prints to the console whatever part of an answer it does not know.
  Log.setLevel(Log.Level.NONE);
  return Innertube.create({ fetch, retrieve_player: false, generate_session_locally: true });
}

function problemOf(error: unknown): AppError {
  const known = toAppError(error);
  if (known.code !== "INTERNAL") return known;
  if (!(error instanceof Error)) return extractorError("EXTRACTOR_BROKEN", String(error), error);
  // Where the library throws because of a playability status, it hands that over as `info`.
  const said = "info" in error ? playabilityText(error.info) : "";
  if (recognizeFailure(said)) return errorFromText(said, error);
  const status = /status code (\d+)/u.exec(error.message)?.[1];
  return extractorError(
    codeOf(error, Number(status ?? 0)),
    `${error.message}: ${String(error.cause)}`,
    error,
  );
}

function codeOf(error: Error, httpStatus: number): AppError["code"] {
  if (httpStatus === 429) return "RATE_LIMITED";
  const isNetwork = error.name === "TimeoutError" || /fetch failed|terminated/u.test(error.message);
  if (httpStatus >= 500 || isNetwork) return "SOURCE_UNREACHABLE";
  return recognizeFailure(error.message)?.code ?? "EXTRACTOR_BROKEN";
}

const TEXT = z.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)]);
const PLAYABILITY = z.object({
  reason: TEXT.optional().catch(undefined),
  error_screen: z
    .object({ subreason: TEXT.optional().catch(undefined) })
    .nullish()
    .catch(null),
});

/** Reason and sub-reason of YouTube's `playabilityStatus`: only together do they tell what is the matter. */
export function playabilityText(status: unknown): string {
  const said = PLAYABILITY.safeParse(status).data;
  return [said?.reason, said?.error_screen?.subreason].filter(Boolean).join(". ");
}
