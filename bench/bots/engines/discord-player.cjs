"use strict";
// discord-player with its own extractor and default options, but it stays in the channel. Kept files come through its
// hook for own streams: its extractor takes Ogg Opus for bare packets and plays nothing.
// JavaScript, so that types are checked without the package; what it exports is a CreateEngine of ../engine.ts.
const { createReadStream } = require("node:fs");
const { AttachmentExtractor } = require("@discord-player/extractor");
const { Player, QueryType } = require("discord-player");

const NODE_OPTIONS = {
  leaveOnEmpty: false,
  leaveOnEnd: false,
  leaveOnStop: false,
  onBeforeCreateStream: async ({ url }) =>
    url.startsWith("http") ? null : { stream: createReadStream(url), $fmt: "ogg/opus" },
};

exports.createEngine = async (client) => {
  const player = new Player(client);
  await player.extractors.register(AttachmentExtractor, {});
  player.events.on("error", (_queue, error) => process.stderr.write(`${error.message}\n`));
  player.events.on("playerError", (_queue, error) => process.stderr.write(`${error.message}\n`));
  const play = async ({ channelId }, source) => {
    const searchEngine = source.startsWith("http") ? QueryType.ARBITRARY : QueryType.FILE;
    const channel = client.channels.cache.get(channelId);
    await player.play(channel, source, { searchEngine, nodeOptions: NODE_OPTIONS });
  };
  return {
    play,
    queue: async (room, sources) => {
      for (const source of sources) await play(room, source);
    },
    seek: async ({ guildId }, positionMs) => {
      await player.nodes.get(guildId)?.node.seek(positionMs);
    },
    stop: async ({ guildId }) => {
      const queue = player.nodes.get(guildId);
      queue?.tracks.clear();
      queue?.node.skip();
    },
    leave: async ({ guildId }) => player.nodes.get(guildId)?.delete(),
  };
};
