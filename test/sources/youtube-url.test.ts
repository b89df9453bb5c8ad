import { expect, test } from "vitest";
import { isBareYoutubeId, parseYoutubeUrl } from "../../src/sources/youtube-url.ts";
import type { YoutubeLink } from "../../src/sources/youtube-url.ts";

const ID = "dQw4w9WgXcQ";
const LIST = "PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf";
const MIX = `RD${ID}`;
const ALBUM = "OLAK5uy_kuw8xUDqIyDvMKHvnbsVWHP6B1t3pGqTc";
const CHANNEL = "UCuAXFkgsw1L7xaCfnd5JJOw";

const video = (startMs = 0, listId: string | null = null, videoId = ID): YoutubeLink => ({
  kind: "video",
  videoId,
  startMs,
  listId,
});
const playlist = (listId: string, startVideoId: string | null = null): YoutubeLink => ({
  kind: "playlist",
  listId,
  startVideoId,
});

function parse(text: string): YoutubeLink | undefined {
  const url = URL.parse(text);
  return url ? parseYoutubeUrl(url) : undefined;
}

test.each([
  `https://www.youtube.com/watch?v=${ID}`,
  `http://youtube.com/watch?v=${ID}`,
  `HTTPS://WWW.YOUTUBE.COM/watch?v=${ID}`,
  `https://m.youtube.com/watch?v=${ID}&feature=youtu.be`,
  `https://music.youtube.com/watch?v=${ID}&si=abc`,
  `https://gaming.youtube.com/watch?v=${ID}`,
  `https://kids.youtube.com/watch?v=${ID}`,
  `https://tv.youtube.com/watch/${ID}`,
  `https://www.youtube.com/watch?feature=share&v=${ID}&ab_channel=Rick`,
  `https://www.youtube.com/watch?index=3&pp=ygU%3D&v=${ID}`,
  `https://www.youtube.com/watch/${ID}`,
  `https://youtu.be/${ID}?si=AbCdEfGh`,
  `https://www.youtu.be/${ID}`,
  `https://www.youtube.com/shorts/${ID}?feature=share`,
  `https://www.youtube.com/live/${ID}`,
  `https://www.youtube.com/embed/${ID}?autoplay=1`,
  `https://www.youtube-nocookie.com/embed/${ID}`,
  `https://youtube-nocookie.com/embed/${ID}`,
  `https://www.youtube.com/v/${ID}?version=3`,
  `https://www.youtube.com/e/${ID}`,
  `https://www.youtube.com/vi/${ID}`,
  `https://www.youtube.com/?vi=${ID}`,
  `https://www.youtube.com/?v=${ID}`,
  `https://www.youtube.com//watch?v=${ID}`,
  `https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D${ID}%26feature%3Dshare`,
  `https://www.youtube.com/oembed?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D${ID}&format=json`,
  `https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D${ID}&gl=DE`,
  `https://youtu.be/${ID}&feature=x`,
  `https://www.youtube.com/watch?v=${ID}?feature=x`,
  `https://youtu.be/${ID})`,
])("%s is the video", (text) => {
  expect(parse(text)).toEqual(video());
});

test("IDs may begin with a hyphen or an underscore", () => {
  expect(parse("https://youtu.be/-_aBcDeF123")).toEqual(video(0, null, "-_aBcDeF123"));
});

test.each([
  ["t=90", 90_000],
  ["t=90s", 90_000],
  ["t=1m30s", 90_000],
  ["t=1h2m3s", 3_723_000],
  ["t=2h", 7_200_000],
  ["start=15", 15_000],
  ["time_continue=7", 7_000],
  ["t=soon", 0],
  ["t=", 0],
  ["t=-5", 0],
  ["t=99999999999999999999", 0],
])("the start time %s is %i ms, in the query and behind #", (text, startMs) => {
  expect(parse(`https://youtu.be/${ID}?${text}`)).toEqual(video(startMs));
  expect(parse(`https://www.youtube.com/watch?v=${ID}#${text}`)).toEqual(video(startMs));
});

test("the start time survives unwrapping", () => {
  const inner = encodeURIComponent(`/watch?v=${ID}&t=12`);
  expect(parse(`https://www.youtube.com/attribution_link?u=${inner}`)).toEqual(video(12_000));
});

test.each([
  [`https://www.youtube.com/watch?v=${ID}&list=${LIST}&index=4`, video(0, LIST)],
  [`https://www.youtube.com/watch?v=${ID}&list=${MIX}&start_radio=1`, video(0, MIX)],
  [`https://www.youtube.com/watch?v=${ID}&list=WL`, video()],
  [`https://youtu.be/${ID}?list=${LIST}&t=5`, video(5_000, LIST)],
  [`https://www.youtube.com/playlist?list=${LIST}`, playlist(LIST)],
  [`https://www.youtube.com/playlist?list=${LIST}&v=${ID}`, playlist(LIST, ID)],
  [`https://music.youtube.com/playlist?list=${ALBUM}&si=x`, playlist(ALBUM)],
  [`https://www.youtube.com/playlist?list=${MIX}`, playlist(MIX)],
  [`https://www.youtube.com/watch?list=${LIST}`, playlist(LIST)],
  [`https://www.youtube.com/embed/videoseries?list=${LIST}`, playlist(LIST)],
  [`https://www.youtube.com/embed/?list=${LIST}`, playlist(LIST)],
  [`https://www.youtube.com/channel/${CHANNEL}`, playlist(`UU${CHANNEL.slice(2)}`)],
  [`https://www.youtube.com/channel/${CHANNEL}/videos`, playlist(`UU${CHANNEL.slice(2)}`)],
] as const)("%s", (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each(["WL", "LL", "LM", "HL"])("the list %s belongs to its owner alone", (list) => {
  expect(parse(`https://www.youtube.com/playlist?list=${list}`)).toEqual({ kind: "private-list" });
});

test.each([
  "@RickAstleyYT",
  "@RickAstleyYT/videos",
  "c/RickAstley",
  "user/RickAstleyVEVO",
  "channel/UCshort",
])("youtube.com/%s is a channel", (page) => {
  expect(parse(`https://www.youtube.com/${page}`)).toEqual({ kind: "channel" });
});

test("a page of results is a search", () => {
  expect(parse("https://www.youtube.com/results?search_query=never+gonna%20give")).toEqual({
    kind: "search",
    text: "never gonna give",
  });
});

test.each([
  "https://www.youtube.com/",
  "https://www.youtube.com/clip/UgkxU2HSeGL_NvmDJ-nQJrlLwllwMDBdGZFs",
  "https://www.youtube.com/feed/subscriptions",
  "https://www.youtube.com/watch?v=short",
  "https://www.youtube.com/watch?v=waytoolong1234",
  "https://www.youtube.com/embed/videoseries",
  "https://www.youtube.com/results?search_query=",
  "https://youtu.be/",
  `https://www.youtube.com/attribution_link?u=https%3A%2F%2Fevil.example%2Fwatch%3Fv%3D${ID}`,
  `https://www.youtube.com/playlist?list=${"x".repeat(81)}`,
])("%s holds nothing to play", (text) => {
  expect(parse(text)).toEqual({ kind: "other" });
});

test("wrappers around wrappers end", () => {
  let link = `https://www.youtube.com/watch?v=${ID}`;
  for (let depth = 0; depth < 5; depth += 1) {
    link = `https://www.youtube.com/oembed?url=${encodeURIComponent(link)}`;
  }
  expect(parse(link)).toEqual({ kind: "other" });
});

test.each([
  `https://youtube.com.evil.example/watch?v=${ID}`,
  `https://youtube.com@evil.example/watch?v=${ID}`,
  `https://user@youtube.com/watch?v=${ID}`,
  `https://www.youtube.com:8443/watch?v=${ID}`,
  `https://notyoutube.com/watch?v=${ID}`,
  `https://evil.example/youtube.com/watch?v=${ID}`,
  `https://y\u043Eutube.com/watch?v=${ID}`,
  `https://evil.youtube.com/watch?v=${ID}`,
  `ftp://www.youtube.com/watch?v=${ID}`,
  `javascript://www.youtube.com/watch?v=${ID}`,
])("%s is not YouTube", (text) => {
  expect(parse(text)).toBeUndefined();
});

test.each([ID, "-_aBcDeF123", "PRIVATE_001", "9bZkp7q19f0", "a1b2c3d4e5f", "AbCdEfGhIjK"])(
  "%s is an ID",
  (text) => {
    expect(isBareYoutubeId(text)).toBe(true);
  },
);

test.each([
  "Radioactive",
  "RADIOACTIVE",
  "hello-world",
  "Hello-World",
  "metallica99",
  "videoseries",
  "short",
])("%s is a word", (text) => {
  expect(isBareYoutubeId(text)).toBe(false);
});
