/** Commands for how songs sound. */
export const sound = {
  profile: {
    about: "Show or choose how songs sound in this server: standard, quiet, night or raw",
    name: "standard, quiet, night, raw, or default for the bot's own",
  },
  volume: {
    about: "Show or change how loud songs are in this server",
    percent: "0 to 200; 100 is as the songs are kept",
  },
};
