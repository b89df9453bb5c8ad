import { AppError } from "../core/errors.ts";
import type { CacheKey } from "../core/track.ts";
import type { Filled, Filler, FillWish } from "./filler.ts";
import type { KeyGuard } from "./key-guard.ts";
import { FULL, orNoPlace } from "./no-place.ts";

/**
 * Fills a key under its lease. When the disk is so full that the lease cannot be noted, room is made and it is tried
 * again; when that was not enough, the song is fetched for this once, which changes nothing that others could see.
 * @throws {AppError} see {@link Filler.run}
 */
export async function fillLeased(
  { guard, filler }: { readonly guard: KeyGuard; readonly filler: Filler },
  key: CacheKey,
  wish: FillWish,
  signal: AbortSignal,
): Promise<Filled> {
  const attempt = (): Promise<Filled> =>
    guard.run(key, (lease, held) => filler.run({ key, lease }, wish, held), signal);
  const first = await orNoPlace(attempt(), FULL);
  if (!(first instanceof AppError)) return first;
  const second = await orNoPlace(filler.makeRoom(wish).then(attempt), FULL);
  return second instanceof AppError ? await filler.runWithoutLease(key, wish, second, signal) : second;
}
