// Loads ytdl-core when it is installed and asked for, and checks what it answers.
import { z } from "zod";
import { AppError } from "../core/errors.ts";

/** In this order; the second is the original, given up in 2023. */
const PACKAGES = ["@distube/ytdl-core", "ytdl-core"] as const;

/** What the library reads from the environment: it must not ask GitHub for updates nor write player scripts to disk. */
const ENVIRONMENT = { YTDL_NO_UPDATE: "1", YTDL_NO_DEBUG_FILE: "1" } as const;

type Call = (id: string, options: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** The part of the library that is used. */
export interface YtdlCoreLibrary {
  readonly name: string;
  readonly version: string;
  readonly getBasicInfo: Call;
  readonly getInfo: Call;
  readonly createAgent: () => unknown;
  readonly createProxyAgent: (options: Readonly<Record<string, unknown>>) => unknown;
  /** Its memory of earlier answers, which would hand out expired addresses. */
  readonly forget: () => void;
}

const call = z.custom<Call>((value) => typeof value === "function");
const MEMORY = z.custom<Map<unknown, unknown>>((value) => value instanceof Map);
const LIBRARY = z.object({
  version: z.string(),
  getBasicInfo: call,
  getInfo: call,
  createAgent: z.custom<YtdlCoreLibrary["createAgent"]>((value) => typeof value === "function"),
  createProxyAgent: z.custom<YtdlCoreLibrary["createProxyAgent"]>((value) => typeof value === "function"),
  cache: z.record(z.string(), MEMORY),
});

/**
 * @param setEnvironment sets variables of this process. The library reads them itself, at every call, so they have to
 * be there before it is loaded; this file may not touch the environment, so whoever may hands in the way to do it.
 * @throws {AppError} `EXTRACTOR_MISSING` when neither package is installed or it is not what we know
 */
export async function loadYtdlCore(
  setEnvironment: (variables: Readonly<Record<string, string>>) => void,
): Promise<YtdlCoreLibrary> {
  setEnvironment(ENVIRONMENT);
  const problems: unknown[] = [];
  for (const name of PACKAGES) {
    try {
      // A name in a variable: neither package has to be there when this is checked or started.
      const loaded = (await import(name)) as { readonly default?: unknown };
      const { cache, ...library } = LIBRARY.parse(Object.assign(Object.create(null), loaded.default));
      const forget = (): void => Object.values(cache).forEach((memory) => memory.clear());
      return { name, ...library, forget };
    } catch (error) {
      problems.push(error);
    }
  }
  throw new AppError("EXTRACTOR_MISSING", { extractor: "ytdl-core" }, { cause: problems });
}

const number = z.coerce.number().optional().catch(undefined);

const DETAILS = z.object({
  videoId: z.string(),
  title: z.string().optional().catch(undefined),
  lengthSeconds: number,
  isLive: z.boolean().optional().catch(undefined),
  isUpcoming: z.boolean().optional().catch(undefined),
  ownerChannelName: z.string().optional().catch(undefined),
  author: z.object({ name: z.string() }).optional().catch(undefined),
  liveBroadcastDetails: z.object({ isLiveNow: z.boolean() }).optional().catch(undefined),
});

const FORMAT = z.object({
  itag: z.number(),
  url: z.string(),
  mimeType: z.string(),
  hasAudio: z.boolean(),
  hasVideo: z.boolean(),
  bitrate: number,
  contentLength: number,
  lastModified: z.string().optional().catch(undefined),
  isDrc: z.boolean().optional().catch(undefined),
  drmFamilies: z.array(z.string()).optional().catch(undefined),
  audioTrack: z.object({ audioIsDefault: z.boolean() }).optional().catch(undefined),
});

export type YtdlCoreFormat = z.infer<typeof FORMAT>;
export type YtdlCoreDetails = z.infer<typeof DETAILS>;

const INFO = z.object({ videoDetails: DETAILS, formats: z.array(z.unknown()).optional() });

/** `undefined` = an answer of a shape nobody knows. Formats that cannot be used are left out. */
export function parseInfo(
  info: unknown,
): { readonly details: YtdlCoreDetails; readonly formats: readonly YtdlCoreFormat[] } | undefined {
  const found = INFO.safeParse(info).data;
  if (!found) return undefined;
  const formats = (found.formats ?? []).map((format) => FORMAT.safeParse(format).data);
  return { details: found.videoDetails, formats: formats.filter((format) => format !== undefined) };
}
