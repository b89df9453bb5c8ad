/** Lyrics, history, and what goes on by itself. */
export const taste = {
  lyrics: ({ song }: { song: string }): string => `Lyrics · ${song}`,
  instrumental: "There is nothing to sing: it is instrumental.",
  notYet: "♪",
  lyricsFollow: "goes along with the song · from LRCLIB",
  lyricsOver: "the song is over · from LRCLIB",
  lyricsFrom: "from LRCLIB",

  history: "Played here",
  historyOf: ({ mention }: { mention: string }): string => `asked for by ${mention}`,
  historyEmpty: "Nothing was played yet.",
  byItself: "autoplay",

  grabbed: "It is in your direct messages.",
  grabbedAt: ({ time }: { time: string }): string => `It was at ${time}.`,

  autoplayOn: "When the queue ends, songs like the last ones go on.",
  autoplayOff: "When the queue ends, it is quiet.",
  sponsorBlockOn: "Parts of songs without music are jumped over, as people mark them for SponsorBlock.",
  sponsorBlockOff: "Songs are played whole.",
};
