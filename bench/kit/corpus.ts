/** What is normalized: from very quiet to very loud, and the shapes that have broken pipelines before. */
import { ffmpeg, made, musicGraph } from "./songs.ts";

export interface CorpusItem {
  readonly name: string;
  readonly path: string;
  readonly durationMs: number;
}

interface Recipe {
  readonly name: string;
  /** The filter graph behind the music, or instead of it when it begins with a source. */
  readonly filters?: string;
  readonly source?: string;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly as: keyof typeof CODERS;
  readonly ms?: number;
}

const CODERS = {
  webm: ["-c:a", "libopus", "-b:a", "128k", "-f", "webm"],
  m4a: ["-c:a", "aac", "-b:a", "128k", "-f", "mp4"],
  mp3: ["-c:a", "libmp3lame", "-b:a", "160k", "-f", "mp3"],
  flac: ["-c:a", "flac", "-f", "flac"],
  wav: ["-c:a", "pcm_s16le", "-f", "wav"],
} as const;

const RECIPES: readonly Recipe[] = [
  { name: "plain music", as: "webm" },
  { name: "plain music, AAC", as: "m4a", rateHz: 44_100 },
  { name: "plain music, MP3", as: "mp3", rateHz: 44_100 },
  { name: "loud master", as: "webm", filters: "volume=12dB,alimiter=limit=0.98:level=0" },
  { name: "very loud, clipped", as: "webm", filters: "volume=24dB,asoftclip=type=hard" },
  { name: "over full scale", as: "m4a", filters: "volume=15dB" },
  {
    name: "compressed flat",
    as: "webm",
    filters: "acompressor=threshold=0.02:ratio=20:makeup=16,alimiter=limit=0.9:level=0",
  },
  { name: "quiet", as: "webm", filters: "volume=-20dB" },
  { name: "very quiet", as: "flac", filters: "volume=-30dB" },
  { name: "quiet, then loud", as: "webm", filters: "volume='if(lt(t,0.7*DUR),0.05,1)':eval=frame" },
  { name: "one loud bang", as: "webm", filters: "volume='if(between(t,5,5.3),1,0.06)':eval=frame" },
  { name: "left channel only", as: "webm", filters: "pan=stereo|c0=c0" },
  { name: "channels inverted", as: "flac", filters: "pan=stereo|c0=c0|c1=-1*c0" },
  { name: "mono", as: "m4a", channels: 1 },
  {
    name: "5.1",
    as: "m4a",
    filters: "pan=5.1|FL=c0|FR=c1|FC=0.7*c0|LFE=0.3*c0|BL=0.5*c0|BR=0.5*c1",
    channels: 6,
  },
  { name: "8 kHz mono", as: "wav", channels: 1, rateHz: 8_000 },
  {
    name: "pink noise",
    as: "webm",
    source: "anoisesrc=color=pink:seed=7:sample_rate=48000:amplitude=0.4:duration=DUR",
  },
  {
    name: "white noise, MP3",
    as: "mp3",
    source: "anoisesrc=color=white:seed=8:sample_rate=48000:amplitude=0.9:duration=DUR",
  },
  {
    name: "tone of 1 kHz",
    as: "webm",
    source: "sine=frequency=1000:sample_rate=48000:duration=DUR,volume=6dB",
  },
  {
    name: "bass of 50 Hz",
    as: "webm",
    source: "sine=frequency=50:sample_rate=48000:duration=DUR,volume=12dB",
  },
  {
    name: "speech-like bursts",
    as: "webm",
    source:
      "anoisesrc=color=brown:seed=9:sample_rate=48000:duration=DUR,volume='max(0,sin(9*t))*max(0,sin(0.7*t))':eval=frame",
  },
  { name: "two seconds", as: "webm", ms: 2_000 },
  { name: "half a second", as: "webm", ms: 500 },
  { name: "silence", as: "webm", source: "anullsrc=sample_rate=48000:duration=DUR" },
];

/** Ordinary songs at the levels that songs have. */
const SONGS: readonly Recipe[] = Array.from({ length: 16 }, (_, number) => ({
  name: `song ${number + 1}`,
  as: number % 3 === 0 ? "m4a" : "webm",
  filters: `volume=${(number % 8) * 4 - 20}dB`,
}));

/** The corpus, or what is named of it, each item `durationMs` long unless it is about being short. */
export async function corpus(durationMs: number, names?: readonly string[]): Promise<CorpusItem[]> {
  const items: CorpusItem[] = [];
  for (const [index, recipe] of [...RECIPES, ...SONGS].entries())
    if (names?.includes(recipe.name) ?? true) items.push(await cook(recipe, index + 10, durationMs));
  return items;
}

async function cook(recipe: Recipe, seed: number, standardMs: number): Promise<CorpusItem> {
  const durationMs = recipe.ms ?? standardMs;
  const seconds = String(durationMs / 1_000);
  const graph = recipe.source ?? [musicGraph(seed, durationMs), recipe.filters].filter(Boolean).join(",");
  const { channels = 2, rateHz = 48_000 } = recipe;
  const name = `corpus-${recipe.name.replaceAll(/[^a-z0-9]+/giu, "-")}-${durationMs}.${recipe.as}`;
  const path = await made(name, async (draft) => {
    const shape = ["-ac", String(channels), "-ar", String(rateHz), "-bitexact", ...CODERS[recipe.as]];
    await ffmpeg(
      "-filter_complex",
      `${graph.replaceAll("DUR", seconds)}[out]`,
      "-map",
      "[out]",
      ...shape,
      draft,
    );
  });
  return { name: recipe.name, path, durationMs };
}
