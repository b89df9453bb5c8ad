/** Commands for a server's choices, and help. */
export const server = {
  help: { about: "Show all commands, or what one of them does", command: "Name of a command" },
  language: {
    about: "Show or choose the language in this server: auto, or one by its name",
    name: "auto = as Discord is set, en = English, de = Deutsch",
  },
};
