// Accounts.
import type { APIUser, UserFlags } from "discord-api-types/v10";

const NO_FLAGS = 0 as unknown as UserFlags;

/** One account, a person's or the bot's. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
}

/** A user as the API shows it. */
export function userPayload(user: User): APIUser {
  return {
    id: user.id,
    username: user.name.toLowerCase().replaceAll(/[^a-z0-9_.]/gu, "_"),
    discriminator: user.isBot ? "0001" : "0",
    global_name: user.isBot ? null : user.name,
    avatar: null,
    banner: null,
    accent_color: null,
    public_flags: NO_FLAGS,
    flags: NO_FLAGS,
    primary_guild: null,
    ...(user.isBot && { bot: true }),
  };
}
