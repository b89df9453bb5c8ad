"use strict";
// DisTube with its plugins for files and direct links, default options.
// JavaScript, so that types are checked without the package; what it exports is a CreateEngine of ../engine.ts.
const { pathToFileURL } = require("node:url");
const { DirectLinkPlugin } = require("@distube/direct-link");
const { FilePlugin } = require("@distube/file");
const { DisTube, Events } = require("distube");

exports.createEngine = (client) => {
  const distube = new DisTube(client, { plugins: [new FilePlugin(), new DirectLinkPlugin()] });
  distube.on(Events.ERROR, (error) => process.stderr.write(`${error.message}\n`));
  const play = async ({ channelId }, source) => {
    const address = source.startsWith("http") ? source : pathToFileURL(source).href;
    await distube.play(client.channels.cache.get(channelId), address);
  };
  return {
    play,
    queue: async (room, sources) => {
      for (const source of sources) await play(room, source);
    },
    seek: async ({ guildId }, positionMs) => {
      await distube.getQueue(guildId)?.seek(positionMs / 1_000);
    },
    stop: async ({ guildId }) => {
      await distube.getQueue(guildId)?.stop();
    },
    leave: async ({ guildId }) => {
      await distube.getQueue(guildId)?.stop();
      distube.voices.leave(guildId);
    },
  };
};
