/** Who is measured. The order is that of the tables. */
import { BOT, flagsFor } from "../../scripts/launch.cjs";

export interface Contender {
  readonly name: string;
  /** Its file in bots/engines/. */
  readonly engine: string;
  readonly label: string;
  /** Does it decode and encode with ffmpeg while it plays? */
  readonly usesFfmpeg: boolean;
  /** What `npm start` tells Node; missing = it runs as Node does by itself. */
  readonly nodeFlags?: readonly string[];
}

export const ENCORE: Contender = {
  name: "encore",
  engine: "encore.ts",
  label: "Encore",
  usesFfmpeg: false,
  nodeFlags: flagsFor(BOT),
};
export const LIBRARY: Contender = {
  name: "library-ogg",
  engine: "library-ogg.ts",
  label: "@discordjs/voice, Ogg pass-through",
  usesFfmpeg: false,
};
export const GUIDE: Contender = {
  name: "guide",
  engine: "guide.ts",
  label: "@discordjs/voice, the guide's ffmpeg way",
  usesFfmpeg: true,
};
export const MUSE: Contender = {
  name: "muse-imitation",
  engine: "muse-imitation.ts",
  label: "muse's cached way (imitation)",
  usesFfmpeg: true,
};
export const DISCORD_PLAYER: Contender = {
  name: "discord-player",
  engine: "discord-player.cjs",
  label: "discord-player",
  usesFfmpeg: false,
};
export const DISTUBE: Contender = {
  name: "distube",
  engine: "distube.cjs",
  label: "DisTube",
  usesFfmpeg: true,
};
/** No contender: the floor under all who send from Node, in `cpu` and `scale`. */
export const NODE_ALONE: Contender = {
  name: "node-alone",
  engine: "node-alone.ts",
  label: "Node alone: encrypts and sends",
  usesFfmpeg: false,
  nodeFlags: flagsFor(BOT),
};

export const CONTENDERS = [ENCORE, LIBRARY, GUIDE, MUSE, DISCORD_PLAYER, DISTUBE] as const;
