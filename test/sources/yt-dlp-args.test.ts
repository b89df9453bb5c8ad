/** The command lines, word by word: a changed word is a changed promise. */
import { describe, expect, it } from "vitest";
import { parseSiteUrl } from "../../src/sources/site-links.ts";
import {
  downloadArgs,
  liveArgs,
  playlistArgs,
  resolveArgs,
  searchArgs,
} from "../../src/sources/yt-dlp-args.ts";

const options = {
  nodePath: "/opt/node/bin/node",
  socketTimeoutSeconds: 10,
  retrySleep: "exp=1:8",
  ownCertificates: false,
};
const ref = { source: "youtube", id: "-aRtpC--exe", url: "" };
const download = { target: ref, directory: "/songs/x.d", maxBytes: 209_715_200, maxDurationMs: 10_800_500 };
const BASE =
  "--ignore-config --no-plugin-dirs --no-update --no-cache-dir --no-exec --color no_color --no-mtime --abort-on-error --socket-timeout 10 --ies";

describe("the arguments", () => {
  it("to resolve", () => {
    expect(resolveArgs(ref, 1, options).join(" ")).toBe(
      `${BASE} youtube --no-js-runtimes --no-playlist -q -f ba/b -S proto -J -- https://www.youtube.com/watch?v=-aRtpC--exe`,
    );
  });

  it("to listen to a live stream", () => {
    expect(liveArgs(ref, 1, options).join(" ")).toBe(
      `${BASE} youtube --no-js-runtimes --no-playlist -q ` +
        "-f ba[protocol^=m3u8]/b[protocol^=m3u8][height<=?360]/b[protocol^=m3u8]/ba/b " +
        "-J -- https://www.youtube.com/watch?v=-aRtpC--exe",
    );
  });

  it("to search", () => {
    expect(searchArgs("--exec rm\0 \n -rf", 5, options)).toEqual([
      ...`${BASE} youtube:search --no-js-runtimes --flat-playlist -q -J --`.split(" "),
      "ytsearch5:--exec rm -rf",
    ]);
  });

  it("to read a list", () => {
    expect(
      playlistArgs({ source: "youtube", id: "PLx-_" }, { from: 101, limit: 100 }, options).join(" "),
    ).toBe(
      `${BASE} youtube:tab,youtube:playlist --no-js-runtimes --flat-playlist --lazy-playlist -q -I 101:200 ` +
        "--print %(.{id,title,duration,channel,uploader,url,playlist_index,playlist_count,live_status})j " +
        "-- https://www.youtube.com/playlist?list=PLx-_",
    );
  });

  it("to fetch from further sites, from nowhere but their own pages", () => {
    const link = parseSiteUrl(new URL("https://m.soundcloud.com/A/B?x=--exec"));
    const target = link?.kind === "track" ? link.target : ref;
    expect(resolveArgs(target, 1, options).join(" ")).toBe(
      `${BASE} soundcloud --no-js-runtimes --no-playlist -q -f ba/b -S proto -J -- https://soundcloud.com/a/b`,
    );
    expect(downloadArgs({ ...download, target }, 1, options).slice(-2)).toEqual([
      "--",
      "https://soundcloud.com/a/b",
    ]);
    const album = { source: "bandcamp", id: "band/album/name" };
    const args = playlistArgs(album, { from: 1, limit: 5 }, options);
    expect(args[args.indexOf("--ies") + 1]).toBe("bandcamp:album");
    expect(args.slice(-2)).toEqual(["--", "https://band.bandcamp.com/album/name"]);
    for (const url of ["https://evil.example/a/b", "--exec=id", "https://soundcloud.com/a/c"])
      expect(() => resolveArgs({ ...target, url }, 1, options)).toThrow(
        expect.objectContaining({ code: "UNSAFE_ID" }),
      );
  });

  it("to download", () => {
    expect(downloadArgs(download, 1, options)).toMatchInlineSnapshot(`
      [
        "--ignore-config",
        "--no-plugin-dirs",
        "--no-update",
        "--no-cache-dir",
        "--no-exec",
        "--color",
        "no_color",
        "--no-mtime",
        "--abort-on-error",
        "--socket-timeout",
        "10",
        "--ies",
        "youtube",
        "--no-js-runtimes",
        "--no-playlist",
        "-q",
        "--progress",
        "--newline",
        "--no-simulate",
        "-f",
        "ba[acodec=opus][ext=webm]/ba[acodec=opus]/ba/b",
        "-S",
        "proto",
        "-R",
        "3",
        "--fragment-retries",
        "3",
        "--extractor-retries",
        "2",
        "--retry-sleep",
        "exp=1:8",
        "--abort-on-unavailable-fragments",
        "-N",
        "2",
        "--max-filesize",
        "209715200",
        "--fixup",
        "never",
        "--break-match-filters",
        "!is_live & duration<=?10800",
        "--progress-template",
        "download:P %(progress.{status,downloaded_bytes,total_bytes,tmpfilename,speed,eta})j",
        "--print",
        "pre_process:M %(.{id,title,duration,uploader,channel,is_live,live_status,age_limit,availability,release_timestamp,chapters,extractor_key})j",
        "--print",
        "before_dl:F %(.{format_id,ext,acodec,abr,asr,audio_channels,filesize,filesize_approx,protocol,language,available_at})j",
        "--print",
        "after_move:D %(filepath)j",
        "-P",
        "/songs/x.d",
        "-o",
        "%(id)s.%(format_id)s.%(ext)s",
        "--",
        "https://www.youtube.com/watch?v=-aRtpC--exe",
      ]
    `);
  });

  it("differ in the second tier by the runtime alone", () => {
    const first = downloadArgs(download, 1, options);
    const second = downloadArgs(download, 2, options);
    const at = first.indexOf("--no-js-runtimes");
    expect(second).toEqual(first.toSpliced(at, 1, "--js-runtimes", "node:/opt/node/bin/node"));
  });

  it("tell yt-dlp to heed a certificate file when there is one", () => {
    const args = resolveArgs(ref, 1, { ...options, ownCertificates: true });
    expect(args.join(" ")).toContain(" --compat-options no-certifi ");
  });

  it("always end with `--` and one address of ours", () => {
    const all = [
      resolveArgs(ref, 2, options),
      searchArgs("-a/etc/passwd", 1, options),
      playlistArgs({ source: "youtube", id: "--" }, { from: 1, limit: 1 }, options),
      downloadArgs(download, 2, options),
    ];
    for (const args of all) {
      expect(args.indexOf("--")).toBe(args.length - 2);
      expect(args.at(-1)).toMatch(/^(?:https:\/\/www\.youtube\.com\/|ytsearch\d)/u);
    }
  });

  it.each(["", "short", "AAAAAAAAAAA/", "AAAAAAAAAAA&x", "videoseries", "../../../..", "AAAAAAAAAA\n"])(
    "are never made for the ID %j",
    (id) => {
      expect(() => resolveArgs({ ...ref, id }, 1, options)).toThrow(
        expect.objectContaining({ code: "UNSAFE_ID" }),
      );
      const list = { source: "youtube", id: `${id}/?#` };
      expect(() => playlistArgs(list, { from: 1, limit: 1 }, options)).toThrow(
        expect.objectContaining({ code: "UNSAFE_ID" }),
      );
    },
  );
});
