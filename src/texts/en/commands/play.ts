/** Commands for what plays and holds songs. */
export const play = {
  play: {
    about: "Play a song, or add it to the queue",
    query: "A link to a song, list, audio file or radio, or search words",
    force: "Fetch the song anew first, however it failed before (admins of the cache)",
  },
  nowplaying: { about: "Show the song that is playing" },
  pause: { about: "Hold the song that is playing" },
  resume: { about: "Go on with a paused song, or with a queue that was kept" },
  seek: {
    about: "Go on at another position of the song",
    position: "Where to go on: 1:23, 83 or 1m23s",
  },
  stop: { about: "Stop, empty the queue and leave the voice channel" },
};
