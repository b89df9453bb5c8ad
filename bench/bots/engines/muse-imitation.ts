/**
 * An imitation of how muse plays from its cache, rebuilt from its options (not its code): ffmpeg decodes and encodes to
 * WebM/Opus, the library takes that apart, decodes, applies the volume and encodes again.
 */
import { createAudioResource, StreamType } from "@discordjs/voice";
import prism from "prism-media";
import type { CreateEngine } from "../engine.ts";
import { LibraryEngine, type MakeResource } from "../library-rooms.ts";

const WEBM_OUTPUT = ["-loglevel", "0", "-vn", "-acodec", "libopus", "-ar", "48000", "-ac", "2", "-f", "webm"];

const makeResource: MakeResource = (source, startMs) => {
  const from = startMs === 0 ? [] : ["-ss", String(startMs / 1_000)];
  const webm = new prism.FFmpeg({ args: [...from, "-i", source, ...WEBM_OUTPUT] });
  return createAudioResource(webm, { inputType: StreamType.WebmOpus, inlineVolume: true });
};

export const createEngine: CreateEngine = (client) => new LibraryEngine(client, makeResource);
