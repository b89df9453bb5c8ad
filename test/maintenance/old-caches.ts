/** Folders as other bots leave them, filled with real audio. */
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll } from "vitest";
import { ffmpeg, signal, TONES } from "../audio/media.ts";

export const IDS = ["dQw4w9WgXcQ", "-_aB3dE6gH8", "9bZkp7q19f0", "kJQP7kiw5Fk"] as const;

/** What muse calls a file. */
export const museName = (id: string): string => createHash("sha512").update(id).digest("hex");

export type Media = Readonly<Record<"webm" | "m4a" | "mp3" | "loudMp3" | "half" | "text", string>>;

/** Two seconds of the same song as each of them comes along. Removed after the tests of the file. */
export async function makeMedia(): Promise<Media> {
  const folder = await mkdtemp(path.join(tmpdir(), "encore-old-media-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const at = (name: string): string => path.join(folder, name);
  await ffmpeg(...signal(TONES, 2, -24), "-c:a", "libopus", "-b:a", "96k", at("song.webm"));
  await ffmpeg(...signal(TONES, 2, -24), "-c:a", "aac", "-b:a", "96k", at("song.m4a"));
  await ffmpeg(...signal(TONES, 2, -24), "-c:a", "libmp3lame", "-b:a", "192k", at("song.mp3"));
  await ffmpeg(...signal(TONES, 2, -16), "-c:a", "libmp3lame", "-b:a", "192k", at("loud.mp3"));
  const whole = await readFile(at("song.webm"));
  await writeFile(at("half.webm"), whole.subarray(0, whole.length / 2));
  await writeFile(at("page.html"), "<html>not found</html>");
  return {
    webm: at("song.webm"),
    m4a: at("song.m4a"),
    mp3: at("song.mp3"),
    loudMp3: at("loud.mp3"),
    half: at("half.webm"),
    text: at("page.html"),
  };
}

/** Copies files to names below a folder. */
export async function layOut(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, from] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await copyFile(from, path.join(folder, name));
  }
}

/** The ancestor: titles and IDs, a folder for each kind, leftovers, and a table of its own. */
export async function ancestorCache(folder: string, media: Media): Promise<void> {
  const [first, second, third] = IDS;
  await layOut(folder, {
    [`audio_cache/raw/Never Gonna Give You Up_${first}.webm`]: media.webm,
    [`audio_cache/raw/Never Gonna Give You Up_${first}_k3j9x2.webm`]: media.webm,
    [`audio_cache/normalized/Never Gonna Give You Up_${first}_normalized.mp3`]: media.loudMp3,
    [`audio_cache/normalized/Second Song_${second}_normalized.mp3`]: media.loudMp3,
    [`audio_cache/raw/Broken_${third}.webm`]: media.half,
    [`audio_cache/raw/Broken_${third}.webm.tmp`]: media.webm,
    "audio_cache/raw/Lost title.mp3": media.mp3,
  });
  const db = new Sqlite(path.join(folder, "music_bot.db"));
  db.exec("create table audio_cache (youtube_id text unique, title text, filename text)");
  const insert = db.prepare("insert into audio_cache values (?, ?, ?)");
  for (const id of [first, second, third]) insert.run(id, "Some title", `x_${id}.mp3`);
  db.close();
}

/** muse: names are hashes, the IDs stand in what it remembers of YouTube's answers. */
export async function museData(folder: string, media: Media): Promise<void> {
  const [first, second, third] = IDS;
  await layOut(folder, {
    [`cache/${museName(first)}`]: media.webm,
    [`cache/${museName(second)}`]: media.webm,
    [`cache/tmp/${museName(third)}`]: media.half,
  });
  const db = new Sqlite(path.join(folder, "db.sqlite"));
  db.exec("create table KeyValueCache (key text primary key, value text, expiresAt datetime)");
  const value = JSON.stringify([{ id: { videoId: first }, snippet: { title: "Never Gonna" } }]);
  db.prepare("insert into KeyValueCache values (?, ?, ?)").run("search", value, 0);
  db.close();
}

/** MusicBot: extractor, ID, title and hash in each name, and a list of its automatic playlist. */
export async function musicbotFolder(folder: string, media: Media): Promise<void> {
  const [first, second] = IDS;
  await layOut(folder, {
    [`audio_cache/youtube-${first}-Never_Gonna_Give_You_Up-.webm`]: media.webm,
    [`audio_cache/youtube-${first}-Never_Gonna-0a1b2c3d.m4a`]: media.m4a,
    [`audio_cache/youtube-${second}-Second_Song-.m4a`]: media.m4a,
    "audio_cache/soundcloud-123456789-Another-0a1b2c3d.mp3": media.mp3,
  });
  await mkdir(path.join(folder, "data"), { recursive: true });
  await writeFile(path.join(folder, "data/playlist_cachemap.json"), JSON.stringify({}));
}

/** Names, sizes and times of everything below a folder. */
export async function snapshot(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const lines = files.map(async (file) => {
    const { size, mtimeMs } = await stat(file);
    return `${path.relative(folder, file)} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(lines)).toSorted();
}
