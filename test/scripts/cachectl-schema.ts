/** What `--json` prints, as a JSON Schema; programs of others rely on it. */
import { Ajv } from "ajv";

const count = { type: "integer", minimum: 0 };
const counted = {
  type: "object",
  required: ["count", "bytes"],
  properties: { count, bytes: count },
};
const tally = {
  type: "object",
  additionalProperties: false,
  required: ["action", "reason", "count", "bytes"],
  properties: { action: { type: "string" }, reason: { type: "string" }, count, bytes: count },
};
const failure = {
  type: "object",
  additionalProperties: false,
  required: ["subject", "code", "detail"],
  properties: { subject: { type: "string" }, code: { type: "string" }, detail: { type: "string" } },
};
const envelope = {
  schema: { const: 1 },
  command: { type: "string" },
  exitCode: { enum: [0, 1, 2, 3, 4, 5, 130] },
};
const changes = {
  type: "object",
  additionalProperties: false,
  required: ["files", "rows", "bytes"],
  properties: { files: count, rows: count, bytes: count },
};
const plays = {
  type: "object",
  required: ["hits", "misses", "shared", "hitRate"],
  properties: { hits: count, misses: count, shared: count, hitRate: { type: ["number", "null"] } },
};

const oldFile = {
  type: "object",
  required: ["file", "bytes"],
  properties: { file: { type: "string" }, bytes: count, reason: { type: "string" } },
};
const importedSong = {
  type: "object",
  additionalProperties: false,
  required: ["key", "file", "condition", "bytes", "duplicates"],
  properties: {
    key: { type: "string" },
    file: { type: "string" },
    condition: { enum: ["original", "re-encoded", "normalized"] },
    bytes: count,
    duplicates: { type: "array", items: oldFile },
  },
};

const run = {
  type: "object",
  additionalProperties: false,
  required: [
    "schema",
    "command",
    "exitCode",
    "dryRun",
    "interrupted",
    "startedAt",
    "seconds",
    "done",
    "seen",
  ],
  oneOf: [{ required: ["deleted"] }, { required: ["changed"] }],
  properties: {
    ...envelope,
    dryRun: { type: "boolean" },
    interrupted: { type: "boolean" },
    startedAt: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$" },
    seconds: { type: "number", minimum: 0 },
    deleted: changes,
    changed: changes,
    done: { type: "array", items: tally },
    seen: { type: "array", items: tally },
    errorCount: count,
    errors: { type: "array", items: failure, maxItems: 100 },
    log: { type: ["string", "null"] },
    empty: { type: "array", items: { type: "string" } },
    share: { type: "number", minimum: 0, maximum: 1 },
    seed: { type: "string" },
    plan: {
      type: "object",
      additionalProperties: false,
      required: ["folder", "songs", "present", "unusable"],
      properties: {
        folder: { type: "string" },
        songs: { type: "array", items: importedSong },
        present: { type: "array", items: oldFile },
        unusable: { type: "array", items: { ...oldFile, required: ["file", "bytes", "reason"] } },
      },
    },
  },
};

const status = {
  type: "object",
  additionalProperties: false,
  required: [
    "files",
    "bytes",
    "limitBytes",
    "limitShare",
    "profiles",
    "orphans",
    "scraps",
    "warnings",
    "rules",
  ],
  properties: {
    ...envelope,
    maxTrackDurationMs: count,
    rules: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["guildId", "kind", "verdict"],
        properties: {
          guildId: { type: "string" },
          kind: { enum: ["playlist", "channel", "longer", "shorter", "room", "source", "guild"] },
          name: { type: "string" },
          minutes: count,
          verdict: { enum: ["always", "never"] },
        },
      },
    },
    files: count,
    bytes: count,
    limitBytes: count,
    limitShare: { type: "number", minimum: 0 },
    profiles: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["profileId", "files", "bytes", "pinned", "isStale", "limitShare", "oldestUse"],
        properties: {
          profileId: { type: "string" },
          files: count,
          bytes: count,
          pinned: count,
          isStale: { type: "boolean" },
          limitShare: { type: "number" },
          oldestUse: { type: "string" },
        },
      },
    },
    orphans: counted,
    scraps: {
      type: "object",
      additionalProperties: false,
      required: ["work", "quarantine", "logs", "originals"],
      properties: { work: counted, quarantine: counted, logs: counted, originals: counted },
    },
    freeDiskBytes: count,
    freeDiskFloorBytes: count,
    today: plays,
    last30Days: plays,
    lastRuns: { type: "array", items: { type: "object", required: ["kind", "actor", "origin", "endedAt"] } },
    warnings: { type: "array", items: { type: "string" } },
  },
};

const refused = {
  type: "object",
  required: ["schema", "command", "exitCode", "refused"],
  properties: { ...envelope, exitCode: { const: 2 }, refused: { type: "string" } },
};

const failed = {
  type: "object",
  additionalProperties: false,
  required: ["schema", "command", "exitCode", "error"],
  properties: {
    ...envelope,
    error: {
      type: "object",
      additionalProperties: false,
      required: ["code", "message"],
      properties: { code: { type: "string" }, message: { type: "string" } },
    },
  },
};

const ajv = new Ajv({ allowUnionTypes: true });
const validators = {
  run: ajv.compile(run),
  status: ajv.compile(status),
  refused: ajv.compile(refused),
  failed: ajv.compile(failed),
};

/** What is wrong with an answer; empty = nothing. */
export function flawsOf(kind: keyof typeof validators, answer: unknown): readonly string[] {
  const validate = validators[kind];
  if (validate(answer)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}
