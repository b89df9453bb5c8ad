/** Commands for what waits. */
export const queue = {
  queue: { about: "Show what is playing and what comes next", page: "Which page" },
  skip: { about: "Skip the song that is playing" },
};
