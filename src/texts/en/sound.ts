import { formatting } from "../formatting.ts";

const { count } = formatting("en");

/** How songs sound. */
export const sound = {
  soundIs: ({ profile, names }: { profile: string; names: string }): string =>
    `Songs sound as **${profile}** here. To choose: ${names} or default.`,
  soundChosen: ({ profile }: { profile: string }): string =>
    `From the next song on, songs sound as **${profile}** here.`,
  volumeIs: ({ percent }: { percent: number }): string => `The volume is **${count(percent)} %**.`,
  volumeNow: ({ percent }: { percent: number }): string => `The volume is **${count(percent)} %** now.`,
};
