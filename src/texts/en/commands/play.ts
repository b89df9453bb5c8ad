/** Commands for what plays and holds songs. */
export const play = {
  play: {
    about: "Play a song, or add it to the queue",
    query: "A link to a song, list, audio file or radio, or search words",
    file: "A file with sound, instead of a link or words",
    next: "Before all other songs of the queue",
    now: "At once; the song that plays ends",
    limit: "Of a playlist, so many songs; a link to one of its songs then means the list from there on",
    shuffle: "The songs of a playlist in any order",
    split: "Each chapter as a song of its own",
    force: "Fetch the song anew first, however it failed before (admins of the cache)",
  },
  nowplaying: { about: "Show the song that is playing" },
  forward: {
    about: "Go forward in the song",
    by: "How far: 30, 1:30 or 1m30s; 10 seconds if you do not say",
  },
  replay: { about: "Play the song from its beginning" },
  rewind: { about: "Go back in the song", by: "How far: 30, 1:30 or 1m30s; 10 seconds if you do not say" },
  sleep: {
    about: "Stop by itself after so many minutes, or when this song is over",
    minutes: "After so many minutes",
    instead: "song for the end of this song, off to play on",
  },
  pause: { about: "Hold the song that is playing" },
  search: { about: "Look for songs and choose among them", words: "What to look for" },
  resume: { about: "Go on with a paused song, or with a queue that was kept" },
  seek: {
    about: "Go on at another position of the song",
    position: "Where to go on: 1:23, 83 or 1m23s",
  },
  summon: { about: "Call the bot to your voice channel, with all that plays and waits" },
  stop: { about: "Stop, empty the queue and leave the voice channel" },
};
