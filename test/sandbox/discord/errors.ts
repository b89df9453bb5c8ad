// How Discord says no, and the list of what a bot got wrong.

/** A request that must not have been sent: a body Discord's description or rules forbid, or an unknown route. */
export interface Violation {
  /** HTTP method, or `GATEWAY`, `VOICE`, `UDP`. */
  readonly method: string;
  readonly route: string;
  readonly problem: string;
}

/** Every request that was answered with an error, the deserved ones of a test included. */
export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** An answer other than success; codes are Discord's JSON error codes. */
export class DiscordRefusal extends Error {
  readonly status: number;
  readonly code: number;
  /** Set when the request breaks a rule that every bot must know: it is recorded as a violation as well. */
  readonly problem: string | undefined;

  constructor(status: number, code: number, message: string, problem?: string) {
    super(message);
    this.name = "DiscordRefusal";
    this.status = status;
    this.code = code;
    this.problem = problem;
  }
}

/** 50035: the body breaks a rule. */
export function invalidForm(problem: string): DiscordRefusal {
  return new DiscordRefusal(400, 50_035, "Invalid Form Body", problem);
}

/** 404 with the code for that kind of thing. */
export const unknown = {
  channel: () => new DiscordRefusal(404, 10_003, "Unknown Channel"),
  guild: () => new DiscordRefusal(404, 10_004, "Unknown Guild"),
  member: () => new DiscordRefusal(404, 10_007, "Unknown Member"),
  message: () => new DiscordRefusal(404, 10_008, "Unknown Message"),
  user: () => new DiscordRefusal(404, 10_013, "Unknown User"),
  webhook: () => new DiscordRefusal(404, 10_015, "Unknown Webhook"),
  interaction: () => new DiscordRefusal(404, 10_062, "Unknown interaction"),
  command: () => new DiscordRefusal(404, 10_063, "Unknown application command"),
  voiceState: () => new DiscordRefusal(404, 10_065, "Unknown Voice State"),
} as const;

export const missingAccess = (): DiscordRefusal => new DiscordRefusal(403, 50_001, "Missing Access");
/** The recipient of a direct message takes none. */
export const cannotMessage = (): DiscordRefusal =>
  new DiscordRefusal(403, 50_007, "Cannot send messages to this user");
export const missingPermissions = (): DiscordRefusal =>
  new DiscordRefusal(403, 50_013, "Missing Permissions");
