import { seekBy } from "#command";

export const command = seekBy("rewind", -1, {
  about: ({ commands }) => commands.rewind.about,
  by: ({ commands }) => commands.rewind.by,
  aliases: ["rw"],
});
