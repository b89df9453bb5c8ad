/** Commands for a server's choices, and help. */
export const server = {
  help: { about: "Show all commands, or what one of them does", command: "Name of a command" },
  language: {
    about: "Show or choose the language in this server: auto, or one by its name",
    name: "auto = as Discord is set, en = English, de = Deutsch",
  },
  settings: {
    about: "Show or change how I behave in this server",
    reset: "Take this setting back to its default",
    options: {
      prefix: "What typed commands begin with",
      djRole: "Role whose members decide about everyone's music",
      playFor: "Who may ask for songs",
      announce: "Whether a message shows the song that plays",
      announceChannel: "Where that message is; else where the song was asked for",
      requestChannel: "Channel where every message is a song and one message is the player",
      voteSkip: "Whether listeners vote about skipping songs of others",
      voteSkipPercent: "Share of the listeners that is enough to skip, in per cent",
      stay: "Whether I stay in the voice channel day and night",
      pauseAlone: "Whether the song is held while nobody listens",
      leaveAloneMinutes: "How long I wait for listeners before I leave, in minutes",
      leaveIdleMinutes: "How long I wait for songs before I leave, in minutes",
      maxSongMinutes: "Longest song that is taken, in minutes; 0 = whatever I take",
      queueCap: "Most songs that may wait",
      personCap: "Most songs of one person that may wait; 0 = as many as fit",
      fairQueue: "Whether people take turns in the queue",
      sponsorBlock: "Whether parts without music are jumped over",
      autoplay: "Whether similar songs go on when the queue ends",
      voiceStatus: "Whether the voice channel shows the title of the song",
    },
  },
  permissions: { about: "Show what this bot may not do here and which permissions are missing" },
};
