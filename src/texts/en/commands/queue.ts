/** Commands for what waits. */
export const queue = {
  queue: { about: "Show what is playing and what comes next", page: "Which page" },
  back: { about: "Go back to the song before this one" },
  clear: { about: "Take everything off the queue; the song that plays goes on" },
  loop: {
    about: "Repeat the song, or all songs in turn",
    mode: "track for the song, queue for all of them, or off",
  },
  move: {
    about: "Give a song of the queue another place",
    from: "Its number in the queue",
    to: "The number it is to have",
  },
  remove: {
    about: "Take songs off the queue, by their numbers",
    numbers: "A number such as 3, or a range such as 3-7",
  },
  removeDuplicates: { about: "Take songs off the queue that are in it more than once, all but the first" },
  removeUser: { about: "Take all songs of somebody off the queue", person: "Who asked for them" },
  shuffle: { about: "Mix what is in the queue" },
  skip: {
    about: "Skip the song that is playing, or go on with a song of the queue",
    to: "The number in the queue of the song to go on with",
  },
};
