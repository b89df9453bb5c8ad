/** People, roles, channels and files as commands know them. */
import { type Attachment, ChannelType, type Guild, type Message } from "discord.js";
import type { AttachedFile, Thing } from "../command/args.ts";

/** The ID of what has this name in a guild; of people only those that Discord has told us of. */
export function findThing(guild: Guild, kind: Thing, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const isIt = (...names: (string | undefined)[]): boolean =>
    names.some((one) => one?.toLowerCase() === wanted);
  switch (kind) {
    case "user":
      return guild.members.cache.find(({ user, displayName }) => isIt(user.username, displayName))?.id;
    case "role":
      return guild.roles.cache.find((role) => isIt(role.name))?.id;
    case "text channel":
      return guild.channels.cache.find((one) => one.type === ChannelType.GuildText && isIt(one.name))?.id;
    case "voice channel":
      return guild.channels.cache.find((one) => one.isVoiceBased() && isIt(one.name))?.id;
  }
}

/** A file as Discord tells of it. */
export function attachedFile({ name, url, size, contentType }: Attachment): AttachedFile {
  return { name, url, bytes: size, contentType: contentType ?? undefined };
}

/** The files that hang on a message. */
export function attachedFiles(message: Message): readonly AttachedFile[] {
  return message.attachments.map(attachedFile);
}
