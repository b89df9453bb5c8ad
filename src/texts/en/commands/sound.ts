/** Commands for how songs sound. */
export const sound = {
  filter: {
    about: "Show or choose a filter for all songs: bass boost, nightcore, 8D, karaoke and others",
    name: "Name of the filter, or off",
  },
  profile: {
    about: "Show or choose how songs sound in this server: standard, quiet, night or raw",
    name: "standard, quiet, night, raw, or default for the bot's own",
  },
  volume: {
    about: "Show or change how loud songs are in this server",
    percent: "0 to 200; 100 is as the songs are kept",
  },
};
