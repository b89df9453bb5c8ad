/**
 * Plain @discordjs/voice as its guide teaches: `createAudioResource` with a path or an address. ffmpeg decodes; who
 * encodes is the library's choice: ffmpeg where it was built with libopus, else the Opus package.
 */
import { createAudioResource, StreamType } from "@discordjs/voice";
import prism from "prism-media";
import type { CreateEngine } from "../engine.ts";
import { LibraryEngine, type MakeResource } from "../library-rooms.ts";

const OPUS_OUTPUT = ["-loglevel", "0", "-acodec", "libopus", "-f", "opus", "-ar", "48000", "-ac", "2"];

const makeResource: MakeResource = (source, startMs) => {
  if (startMs === 0) return createAudioResource(source);
  // The library has no seek; this is what bots do: ffmpeg again, from there on.
  const from = ["-analyzeduration", "0", "-ss", String(startMs / 1_000), "-i", source];
  return createAudioResource(new prism.FFmpeg({ args: [...from, ...OPUS_OUTPUT] }), {
    inputType: StreamType.OggOpus,
  });
};

export const createEngine: CreateEngine = (client) => new LibraryEngine(client, makeResource);
