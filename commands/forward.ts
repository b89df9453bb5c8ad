import { seekBy } from "#command";

export const command = seekBy("forward", 1, {
  about: ({ commands }) => commands.forward.about,
  by: ({ commands }) => commands.forward.by,
  aliases: ["fwd", "ff"],
});
