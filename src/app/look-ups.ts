// What texts and names mean: what is remembered about songs and searches, and who is asked for the rest.
import type { Config } from "../config/config.ts";
import type { Catalogue } from "../core/catalogue.ts";
import { systemClock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { SqliteCatalogue } from "../db/catalogue.ts";
import { Matches } from "../db/matches.ts";
import { Resolutions } from "../db/resolutions.ts";
import type { Database } from "../db/schema.ts";
import { Matcher } from "../sources/matcher.ts";
import { createMusicServices } from "../sources/music-services.ts";
import { createResolver, type Resolver } from "../sources/resolver.ts";
import { createSideService } from "../sources/side-service.ts";
import type { Source } from "../sources/source.ts";
import { Suggestions } from "../sources/suggestions.ts";

export interface LookUpDeps {
  readonly config: Config;
  readonly db: Database;
  readonly sources: readonly Source[];
}

export interface LookUps {
  readonly catalogue: Catalogue;
  readonly resolutions: Resolutions;
  /** From songs that are only named to their recordings. */
  readonly matcher: Matcher;
  readonly resolver: Resolver;
  readonly suggestions: Suggestions;
}

/** A suggestion that comes later helps nobody any more. */
const SUGGESTION_MS = 2_000;

export function createLookUps({ config, db, sources }: LookUpDeps): LookUps {
  const { serviceUrls: urls } = config.sources;
  const line = { proxyUrl: config.sources.proxyUrl?.reveal(), clock: systemClock };
  const resolutions = new Resolutions(db);
  const youtube = (): Source => sourceServing(sources, "youtube");
  const search: Source["search"] = (text, limit, signal) => youtube().search(text, limit, signal);
  const matcher = new Matcher({ search, memory: new Matches(db), clock: systemClock });
  const resolver = createResolver({
    sources,
    ...createMusicServices({ urls, ...line }),
    matcher,
    memory: resolutions,
    clock: systemClock,
    random: Math.random,
  });
  const baseUrl = urls.suggestions ?? "https://suggestqueries-clients6.youtube.com";
  const service = createSideService({ baseUrl, timeoutMs: SUGGESTION_MS, ...line });
  const suggestions = new Suggestions({ service, clock: systemClock });
  return { catalogue: new SqliteCatalogue(db), resolutions, matcher, resolver, suggestions };
}

/** One source that hands each recording to the one that serves its family. */
export function servingAll(sources: readonly Source[]): Pick<Source, "download"> {
  return {
    download: (request, signal) => sourceServing(sources, request.target.source).download(request, signal),
  };
}

function sourceServing(sources: readonly Source[], family: string): Source {
  const source = sources.find((candidate) => candidate.serves(family));
  if (!source) throw new AppError("EXTRACTOR_MISSING", { family });
  return source;
}
