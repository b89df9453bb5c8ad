/** Plain @discordjs/voice with an Ogg Opus file: cut into packets, nothing is coded. Its cheapest documented way. */
import { createReadStream } from "node:fs";
import { createAudioResource, StreamType } from "@discordjs/voice";
import type { CreateEngine } from "../engine.ts";
import { LibraryEngine } from "../library-rooms.ts";

export const createEngine: CreateEngine = (client) =>
  new LibraryEngine(client, (file) =>
    createAudioResource(createReadStream(file), { inputType: StreamType.OggOpus }),
  );
