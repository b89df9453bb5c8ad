// What an interaction tells of the people, roles, channels and files that its options name.
import { ApplicationCommandOptionType as OptionType } from "discord-api-types/v10";
import type { Channel } from "./channel.ts";
import type { GivenFile } from "./command-book.ts";
import type { FilledOption } from "./command-options.ts";
import type { Guild } from "./guild.ts";
import { memberPayload, rolePayload } from "./guild-payloads.ts";
import type { Attachment } from "./message.ts";
import { attachmentPayload } from "./message-payload.ts";
import { userPayload } from "./users.ts";

type Things = Record<string, Record<string, object>>;

/** Where the options were filled in. */
interface Where {
  readonly guild: Guild;
  readonly channel: Channel;
}

/**
 * Options with IDs in place of files, and what all their IDs stand for.
 * @throws {Error} when there is no such person, role or channel here
 */
export function resolveOptions(
  options: readonly FilledOption[],
  where: Where,
): { readonly options: readonly FilledOption[]; readonly resolved: Things } {
  const resolved: Things = {};
  const resolveOne = (option: FilledOption): FilledOption => {
    if (option.options) return { ...option, options: option.options.map(resolveOne) };
    const { type, value } = option;
    if (typeof value === "object") {
      const attachment = upload(value, where);
      note(resolved, "attachments", attachment.id, attachmentPayload(attachment));
      return { ...option, value: attachment.id };
    }
    if (type === OptionType.User) noteUser(resolved, String(value), where);
    if (type === OptionType.Role) noteRole(resolved, String(value), where);
    if (type === OptionType.Channel) noteChannel(resolved, String(value), where);
    return option;
  };
  return { options: options.map(resolveOne), resolved };
}

function note(resolved: Things, kind: string, id: string, payload: object): void {
  resolved[kind] = { ...resolved[kind], [id]: payload };
}

function upload(file: GivenFile, { guild: { world }, channel }: Where): Attachment {
  const id = world.ids.now();
  const url = `${world.httpOrigin}/attachments/${channel.id}/${id}/${encodeURIComponent(file.filename)}`;
  const attachment = { ...file, id, url, description: null };
  world.uploads.set(id, attachment);
  return attachment;
}

function noteUser(resolved: Things, id: string, { guild, channel }: Where): void {
  const member = guild.member(id);
  note(resolved, "users", id, userPayload(member.user));
  const permissions = String(guild.permissionsOf(id, channel));
  note(resolved, "members", id, { ...memberPayload(member, true), permissions });
}

function noteRole(resolved: Things, id: string, { guild }: Where): void {
  const position = guild.roles.findIndex((role) => role.id === id);
  const role = guild.roles[position];
  if (!role) throw new Error(`There is no role ${id}.`);
  note(resolved, "roles", id, rolePayload(role, position));
}

function noteChannel(resolved: Things, id: string, { guild }: Where): void {
  const channel = guild.channels.find((one) => one.id === id);
  if (!channel) throw new Error(`There is no channel ${id}.`);
  const { name, type } = channel;
  const permissions = String(guild.permissionsOf(guild.world.bot.id, channel));
  note(resolved, "channels", id, { id, name, type, permissions, flags: 0 });
}
