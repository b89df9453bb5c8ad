// Where Discord takes more than its description says. Each entry names the reason; nothing else is let through.

interface Tolerance {
  /** The operation it is for. */
  readonly operation: string;
  readonly why: string;
  /** Returns the body as the description wants it. */
  readonly adapt: (body: unknown) => unknown;
}

/** Bits as a decimal string become the number the description asks for. */
function permissionsAsNumber(command: unknown): unknown {
  const bits = (command as { default_member_permissions?: unknown }).default_member_permissions;
  if (typeof bits !== "string" || !/^\d{1,20}$/u.test(bits)) return command;
  return { ...(command as object), default_member_permissions: Number(bits) };
}

const BITS_AS_TEXT =
  "The reference gives default_member_permissions as a string of bits (application commands, 'Create Global Application " +
  "Command'), and every library sends it so; the description knows numbers only.";

const forEach =
  (adapt: (body: unknown) => unknown) =>
  (body: unknown): unknown =>
    Array.isArray(body) ? body.map(adapt) : adapt(body);

const COMMAND_OPERATIONS = ["/commands", "/commands/{command_id}"].flatMap((end) =>
  ["/applications/{application_id}", "/applications/{application_id}/guilds/{guild_id}"].flatMap((start) =>
    ["PUT", "POST", "PATCH"].map((method) => `${method} ${start}${end}`),
  ),
);

const TOLERANCES: readonly Tolerance[] = COMMAND_OPERATIONS.map((operation) => ({
  operation,
  why: BITS_AS_TEXT,
  adapt: forEach(permissionsAsNumber),
}));

/** The body to check against the description. */
export function tolerated(operation: string, body: unknown): unknown {
  return TOLERANCES.filter((tolerance) => tolerance.operation === operation).reduce(
    (adapted, { adapt }) => adapt(adapted),
    body,
  );
}
