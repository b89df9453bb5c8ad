/** Commands for what people and servers like. */
export const taste = {
  autoplay: {
    about: "Show or choose whether songs like the last ones go on when the queue ends",
    choice: "on or off",
  },
  favourites: { about: "Show the songs you like", page: "Which page" },
  favouritesAdd: {
    about: "Add the song that plays, or another one, to your favourites",
    song: "A link or search words; default: the song that plays",
  },
  favouritesPlay: { about: "Play your favourites, or one of them", number: "Number of the one song to play" },
  favouritesRemove: {
    about: "Take a song off your favourites",
    number: "Its number; default: the song that plays",
  },
  grab: { about: "Send me the song that plays in a direct message" },
  history: {
    about: "Show what was played in this server",
    person: "Only what this person asked for",
    page: "Which page",
  },
  lyrics: {
    about: "Show the lyrics of the song that plays, going along with it, or of another one",
    song: "A link or search words; default: the song that plays",
    whole: "All of them at once, page by page",
  },
  playlist: { about: "Show your playlists and those of this server" },
  playlistAdd: {
    about: "Add the song that plays, or others, to a playlist",
    song: "A link to a song or a playlist, or search words; default: the song that plays",
  },
  playlistCreate: { about: "Make an empty playlist" },
  playlistDelete: { about: "Delete a playlist" },
  playlistExport: {
    about: "Get a playlist as a file; without a name your favourites",
    format: "json, or m3u for other players; default: json",
  },
  playlistImport: {
    about: "Add the songs of a file to a playlist; without a name to your favourites",
    file: "A playlist as JSON or M3U",
  },
  playlistPlay: { about: "Play a playlist", shuffle: "In any order" },
  playlistRemove: { about: "Take a song off a playlist", number: "Its number" },
  playlistSave: { about: "Keep what plays and waits as a playlist" },
  playlistShare: { about: "Give everyone in this server a copy of your playlist" },
  playlistShow: { about: "Show the songs of a playlist", page: "Which page" },
  playlistTake: { about: "Make a copy of one of this server's playlists your own" },
  playlistArgs: { name: "Name of the playlist", server: "The server's, not one of your own" },
  sponsorblock: {
    about: "Show or choose whether parts of songs without music are jumped over (SponsorBlock)",
    choice: "on or off",
  },
};
