/** Names of songs and lists on Deezer, from its public API. https://developers.deezer.com/api */
import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { deezerSong } from "./music-links.ts";
import { existing, namedSong, type Namer, parseJson, unreadable } from "./named-song.ts";
import type { SideService } from "./side-service.ts";

const PAGE_ENTRIES = 100;

const SONG = z.object({
  id: z.union([z.number(), z.string()]).transform(String),
  title: z.string(),
  /** In seconds. */
  duration: z.coerce.number().nullish().catch(null),
  artist: z.object({ name: z.string() }),
  contributors: z
    .array(z.object({ name: z.string() }))
    .optional()
    .catch(undefined),
  album: z.object({ cover_medium: z.string().nullish() }).nullish().catch(null),
});
const PAGE = z.object({ data: z.array(z.unknown()), total: z.number().optional().catch(undefined) });
const REFUSAL = z.object({ error: z.object({ code: z.number() }) });

/** https://developers.deezer.com/api/errors */
const QUOTA = 4;

export function createDeezer(service: SideService): Namer {
  const ask = async (path: string, what: "song" | "list", signal: AbortSignal): Promise<unknown> => {
    const answer = parseJson(existing(await service.read(path, signal), what).text);
    const refusal = REFUSAL.safeParse(answer).data;
    if (refusal?.error.code === QUOTA) throw new AppError("RATE_LIMITED", { service: "Deezer" });
    if (refusal) throw new AppError(what === "song" ? "LINK_DEAD" : "PLAYLIST_UNAVAILABLE");
    return answer;
  };
  return {
    name: "deezer",
    serves: (source) => source === "deezer",
    resolve: async (target, signal) => {
      const song = SONG.safeParse(await ask(`/track/${target.id}`, "song", signal)).data;
      if (song?.id !== target.id) throw unreadable("Deezer");
      return namedSong(target, factsOf(song));
    },
    playlist: async function* (list, { from, limit }, signal) {
      const end = from - 1 + limit;
      for (let index = from - 1; index < end; index += PAGE_ENTRIES) {
        const count = Math.min(PAGE_ENTRIES, end - index);
        const answer = await ask(`/${list.id}/tracks?index=${index}&limit=${count}`, "list", signal);
        const page = PAGE.safeParse(answer).data;
        if (!page) throw unreadable("Deezer");
        for (const entry of page.data) {
          const song = SONG.safeParse(entry).data;
          const target = song && deezerSong(song.id);
          if (target) yield namedSong(target, factsOf(song));
        }
        if (page.data.length < count || index + count >= (page.total ?? Infinity)) return;
      }
    },
  };
}

function factsOf({
  title,
  duration,
  artist,
  contributors,
  album,
}: z.infer<typeof SONG>): Parameters<typeof namedSong>[1] {
  return {
    title,
    artists: contributors?.length ? contributors.map(({ name }) => name) : [artist.name],
    durationMs: (duration ?? 0) * 1_000,
    pictureUrl: album?.cover_medium,
  };
}
