/** Commands for the cache. */
export const cache = {
  cache: {
    about: "Show how full the cache is and how often it helped",
    public: "Show it to everyone in the channel",
  },
  cacheFind: {
    about: "Look for songs this bot knows; ⚡ marks those in the cache",
    words: "Words of the title or the artist, a link or an ID",
  },
  cachePin: {
    about: "Keep a song in the cache whatever a clean-up says",
    song: "Words, a link or an ID of a cached song",
  },
  cacheUnpin: {
    about: "Let clean-ups remove a song again",
    song: "Words, a link or an ID of a cached song",
  },
  cacheRefresh: {
    about: "Fetch a song anew; the old file plays on until the new one is accepted",
    song: "Words, a link or an ID",
  },
  cacheWarm: {
    about: "Fetch the songs of a playlist for later, in the background",
    playlist: "A link to a playlist",
  },
  cacheAlways: { about: "Store songs asked for in this server, or only some of them" },
  cacheNever: { about: "Play songs asked for in this server without storing them" },
  cacheDefault: { about: "Take such a rule back" },
  keepRule: {
    channel: "Only songs of this channel or artist",
    source: "Only songs of this source: youtube, direct, soundcloud or bandcamp",
    playlist: "Only songs of this playlist: its link",
    room: "Only songs asked for in this text or voice channel, as #channel",
    longer: "Only songs longer than so many minutes",
    shorter: "Only songs shorter than so many minutes",
  },
  cacheCleanup: { about: "Remove what was not played for long and what is over the limit, after a preview" },
  cacheClear: {
    about: "Delete the whole cache, or one profile of it; asks for the number of tracks first",
    confirm: "The number of tracks that would go",
    profile: "Only the files of one sound profile, by its name or its folder",
  },
};
