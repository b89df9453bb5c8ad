/** What yt-dlp prints, and what it might print one day. */
import { describe, expect, it } from "vitest";
import * as output from "../../src/sources/yt-dlp-output.ts";
import type { OutputLine, VideoFacts } from "../../src/sources/yt-dlp-output.ts";
import type { Track } from "../../src/core/track.ts";
import type { MediaTarget } from "../../src/sources/source.ts";

const VIDEO: MediaTarget = {
  source: "youtube",
  id: "AAAAAAAAAAA",
  url: "https://www.youtube.com/watch?v=AAAAAAAAAAA",
};
const { parseSearch } = output;
const parseOutputLine = (line: string): OutputLine | undefined => output.parseOutputLine(line, VIDEO);
const parseVideo = (json: string): VideoFacts | undefined => output.parseVideo(json, VIDEO);
const parseEntry = (line: string): Track | undefined =>
  output.parseEntry(line, { source: "youtube", id: "PLx" });

const info = {
  id: "AAAAAAAAAAA",
  title: "Song",
  channel: "Band",
  uploader: "Up",
  duration: 61.5,
  is_live: false,
};

describe("the lines of a download", () => {
  it("are understood", () => {
    expect(parseOutputLine(`M ${JSON.stringify(info)}`)).toMatchObject({
      kind: "facts",
      facts: {
        isUpcoming: false,
        track: { title: "Song", artist: "Band", durationMs: 61_500, isLive: false },
      },
    });
    const format = '{"format_id":"251-1","filesize":1000,"available_at":1793180000,"protocol":"https"}';
    expect(parseOutputLine(`F ${format}`)).toEqual({
      kind: "format",
      formatId: "251-1",
      bytes: 1000,
      isOneFile: true,
      availableAtMs: 1_793_180_000_000,
    });
    const progress = '"downloaded_bytes":5,"total_bytes":null';
    expect(parseOutputLine(`P {"status":"downloading",${progress},"tmpfilename":"/a.part"}`)).toEqual({
      kind: "progress",
      receivedBytes: 5,
      totalBytes: null,
      growingPath: "/a.part",
    });
    expect(parseOutputLine(`P {"status":"finished",${progress}}`)).toMatchObject({ growingPath: null });
    expect(parseOutputLine('D "/songs/x.d/AAAAAAAAAAA.251.webm"')).toEqual({
      kind: "done",
      path: "/songs/x.d/AAAAAAAAAAA.251.webm",
    });
  });

  it.each([
    "",
    "M",
    "M ",
    "M null",
    "M []",
    "M {}",
    'M {"id":5}',
    'M {"id":"../../etc"}',
    'M {"id":"videoseries"}',
    "F {}",
    'F {"format_id":null}',
    "P {}",
    'P {"downloaded_bytes":"many"}',
    "D ",
    "D {}",
    "D [1]",
    "D nowhere",
    "X {}",
    "[download] 100%",
    "\u0000\uFFFD{{{{",
    `M ${"[".repeat(20_000)}`,
  ])("are left out when they are %j", (line) => {
    expect(parseOutputLine(line)).toBeUndefined();
  });

  it("keep their good parts when a field is of a wrong kind", () => {
    const odd = { ...info, title: 5, channel: ["x"], duration: "long", is_live: "yes" };
    expect(parseOutputLine(`M ${JSON.stringify(odd)}`)).toMatchObject({
      facts: { track: { title: "AAAAAAAAAAA", artist: "Up", durationMs: null, isLive: false } },
    });
    expect(parseOutputLine('F {"format_id":"251","filesize":-1,"available_at":"soon"}')).toMatchObject({
      bytes: null,
      availableAtMs: null,
    });
  });
});

describe("documents", () => {
  it("of a failure are no recording: yt-dlp prints null then", () => {
    for (const json of ["null", "", "nu", "[]", '"text"']) expect(parseVideo(json)).toBeUndefined();
  });

  it("of a live stream and of a premiere tell so", () => {
    const live = parseVideo(JSON.stringify({ ...info, duration: null, live_status: "is_live" }));
    expect(live?.track).toMatchObject({ isLive: true, durationMs: null });
    expect(parseVideo(JSON.stringify({ ...info, live_status: "is_upcoming" }))?.isUpcoming).toBe(true);
    expect(parseVideo(JSON.stringify({ ...info, live_status: "was_live" }))?.track.isLive).toBe(false);
  });

  it("of a search give the recordings and nothing else", () => {
    const entries = [info, null, { id: "UCchannel", title: "A channel" }, { ...info, id: "BBBBBBBBBBB" }];
    expect(parseSearch(JSON.stringify({ entries }))?.map(({ id }) => id)).toEqual([
      "AAAAAAAAAAA",
      "BBBBBBBBBBB",
    ]);
    expect(parseSearch('{"entries":[]}')).toEqual([]);
    expect(parseSearch("{}")).toBeUndefined();
  });

  it("of list entries leave out what is gone, but not a song by that name", () => {
    expect(
      parseEntry(JSON.stringify({ id: info.id, title: "[Private video]", duration: null })),
    ).toBeUndefined();
    expect(
      parseEntry(JSON.stringify({ id: info.id, title: "[Deleted video]", duration: null })),
    ).toBeUndefined();
    expect(parseEntry(JSON.stringify({ ...info, title: "[Deleted video]" }))?.title).toBe("[Deleted video]");
  });
});

describe("songs of further sites", () => {
  const song = { source: "soundcloud", id: "hash", url: "https://soundcloud.com/a/b" };

  it("are what was asked for, whatever their number there", () => {
    const told = { ...info, id: "1234567", channel: null, url: "https://cdn.example/x", chapters: null };
    expect(output.parseVideo(JSON.stringify(told), song)?.track).toEqual({
      ...song,
      title: "Song",
      artist: "Up",
      durationMs: 61_500,
      isLive: false,
      thumbnailUrl: null,
      chapters: [],
    });
    expect(output.parseOutputLine(`M ${JSON.stringify(told)}`, song)).toMatchObject({
      facts: { track: song },
    });
  });

  it("are found in an album by their addresses, and what is elsewhere is left out", () => {
    const album = { source: "bandcamp", id: "a/album/b" };
    const entry = (url: string): Track | undefined =>
      output.parseEntry(JSON.stringify({ id: "5", title: "One", url }), album);
    expect(entry("https://a.bandcamp.com/track/one")).toMatchObject({
      source: "bandcamp",
      title: "One",
      url: "https://a.bandcamp.com/track/one",
    });
    for (const url of ["https://evil.example/track/one", "https://soundcloud.com/a/b", "", "--exec"])
      expect(entry(url)).toBeUndefined();
  });
});
