import { formatting } from "../formatting.ts";

const { count } = formatting("en");

/** How songs sound. */
export const sound = {
  soundIs: ({ profile, names }: { profile: string; names: string }): string =>
    `Songs sound as **${profile}** here. To choose: ${names} or default.`,
  soundChosen: ({ profile }: { profile: string }): string =>
    `From the next song on, songs sound as **${profile}** here.`,
  filterIs: ({ filter, names }: { filter: string; names: string }): string =>
    `The filter is **${filter}**. To choose: ${names} or off.`,
  filterNow: ({ filter }: { filter: string }): string =>
    `The filter is **${filter}** now. A song that plays goes on with it as soon as it is made anew.`,
  filters: {
    bassboost: "Bass boost",
    treble: "Treble boost",
    nightcore: "Nightcore",
    vaporwave: "Vaporwave",
    slowed: "Slowed + reverb",
    reverb: "Reverb",
    "8d": "8D",
    karaoke: "Karaoke",
    mono: "Mono",
    wide: "Wide stereo",
    lofi: "Small radio",
    tremolo: "Tremolo",
    echo: "Echo",
    chipmunk: "Chipmunk",
    deep: "Deep voice",
    fast: "Faster",
    off: "Off",
  },
  volumeIs: ({ percent }: { percent: number }): string => `The volume is **${count(percent)} %**.`,
  volumeTitle: "Volume in this server",
  volumeField: ({ most }: { most: number }): string =>
    `Per cent, 0 to ${count(most)}; 100 is as songs are kept`,
  volumeNow: ({ percent }: { percent: number }): string => `The volume is **${count(percent)} %** now.`,
};
