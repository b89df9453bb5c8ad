/** YouTube's answers about more than one recording: search, playlists with continuations, the page around a video. */
import type { Catalogue, Song, SongEntry } from "./catalogue.ts";

const PAGE_ENTRIES = 100;

/** What surrounds a video on its page; extractors want it to have contents. */
export function nextAnswer(entry: SongEntry | undefined): unknown {
  const owner = { title: { runs: [{ text: entry?.song.artist ?? "" }] } };
  const contents = [
    { videoPrimaryInfoRenderer: { title: { runs: [{ text: entry?.song.title ?? "" }] } } },
    { videoSecondaryInfoRenderer: { owner: { videoOwnerRenderer: owner } } },
  ];
  return {
    responseContext: { visitorData: "bG9jYWw" },
    contents: { twoColumnWatchNextResults: { results: { results: { contents } } } },
    currentVideoEndpoint: { watchEndpoint: { videoId: entry?.song.id ?? "" } },
  };
}

export function searchAnswer(catalogue: Catalogue, query: string): unknown {
  catalogue.counters.searches += 1;
  const contents = catalogue.search(query, 20).map((song) => ({ videoRenderer: videoRenderer(song) }));
  const found = contents.length > 0 ? contents : [{ messageRenderer: { text: text("No results found") } }];
  return {
    responseContext: { visitorData: "bG9jYWw" },
    estimatedResults: String(contents.length),
    contents: {
      twoColumnSearchResultsRenderer: {
        primaryContents: {
          sectionListRenderer: { contents: [{ itemSectionRenderer: { contents: found } }] },
        },
      },
    },
  };
}

/** Data of a playlist's page, or of `browse` with its ID. */
export function playlistData(catalogue: Catalogue, id: string): unknown {
  const list = catalogue.playlists.get(id);
  if (!list) {
    const alertRenderer = { type: "ERROR", text: text("The playlist does not exist.") };
    return { responseContext: {}, alerts: [{ alertRenderer }] };
  }
  const playlistVideoListRenderer = { playlistId: id, contents: items(catalogue, id, 0), isEditable: false };
  const content = {
    sectionListRenderer: {
      contents: [{ itemSectionRenderer: { contents: [{ playlistVideoListRenderer }] } }],
    },
  };
  return {
    responseContext: { visitorData: "bG9jYWw" },
    contents: { twoColumnBrowseResultsRenderer: { tabs: [{ tabRenderer: { selected: true, content } }] } },
    header: {
      playlistHeaderRenderer: {
        playlistId: id,
        title: text(list.title),
        numVideosText: text(`${list.songIds.length} videos`),
        viewCountText: text("1 view"),
        byline: [],
      },
    },
    metadata: { playlistMetadataRenderer: { title: list.title } },
  };
}

/** `browse`: a list by its ID, or the next part of one. */
export function browseAnswer(catalogue: Catalogue, body: Readonly<Record<string, unknown>>): unknown {
  const { continuation, browseId } = body;
  if (typeof continuation === "string") {
    const [id = "", from = "0"] = Buffer.from(continuation, "base64url").toString().split(" ");
    const continuationItems = items(catalogue, id, Number(from));
    return {
      responseContext: { visitorData: "bG9jYWw" },
      onResponseReceivedActions: [{ appendContinuationItemsAction: { continuationItems, targetId: id } }],
    };
  }
  return playlistData(catalogue, String(browseId).replace(/^VL/u, ""));
}

function items(catalogue: Catalogue, id: string, from: number): unknown[] {
  catalogue.counters.playlistPages += 1;
  const songIds = catalogue.playlists.get(id)?.songIds ?? [];
  const page = songIds.slice(from, from + PAGE_ENTRIES).map((songId, index) => ({
    playlistVideoRenderer: listedVideo(catalogue.songs.get(songId), songId, from + index + 1),
  }));
  const next = from + PAGE_ENTRIES;
  if (next >= songIds.length) return page;
  const token = Buffer.from(`${id} ${next}`).toString("base64url");
  const continuationEndpoint = {
    clickTrackingParams: "",
    commandMetadata: { webCommandMetadata: { sendPost: true, apiUrl: "/youtubei/v1/browse" } },
    continuationCommand: { token, request: "CONTINUATION_REQUEST_TYPE_BROWSE" },
  };
  const trigger = "CONTINUATION_TRIGGER_ON_ITEM_SHOWN";
  return [...page, { continuationItemRenderer: { trigger, continuationEndpoint } }];
}

function listedVideo(entry: SongEntry | undefined, id: string, number: number): unknown {
  if (!entry || entry.state === "private") {
    const title = entry ? "[Private video]" : "[Deleted video]";
    return { videoId: id, title: titleText(title), index: text(String(number)), thumbnail: thumbnail(id) };
  }
  const { song } = entry;
  return { ...videoRenderer(song), index: text(String(number)), isPlayable: true };
}

function videoRenderer(song: Song): Readonly<Record<string, unknown>> {
  const seconds = Math.round(song.durationMs / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const byline = {
    runs: [
      {
        text: song.artist,
        navigationEndpoint: {
          browseEndpoint: { browseId: "UC0000000000000000000000", canonicalBaseUrl: "/@tones" },
        },
      },
    ],
  };
  return {
    videoId: song.id,
    thumbnail: thumbnail(song.id),
    title: titleText(song.title),
    shortBylineText: byline,
    ownerText: byline,
    longBylineText: byline,
    lengthText: { simpleText: clock },
    lengthSeconds: String(seconds),
    viewCountText: text("1,000 views"),
    navigationEndpoint: { watchEndpoint: { videoId: song.id } },
  };
}

function thumbnail(id: string): unknown {
  return { thumbnails: [{ url: `https://i.ytimg.com/vi/${id}/default.jpg`, width: 120, height: 90 }] };
}

function titleText(title: string): unknown {
  return { runs: [{ text: title }], accessibility: { accessibilityData: { label: title } } };
}

function text(simpleText: string): unknown {
  return { simpleText };
}
