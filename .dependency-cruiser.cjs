// Who may import whom; the table is explained in src/README.md and proven by test/architecture.test.ts.
const LAYERS = {
  core: [],
  policy: ["core"],
  config: ["core"],
  telemetry: ["core"],
  process: ["core"],
  storage: ["core"],
  db: ["core"],
  player: ["core", "policy"],
  sources: ["core", "process"],
  services: ["core", "sources"],
  audio: ["core", "process"],
  cache: ["core", "policy", "audio", "sources", "storage", "db"],
  maintenance: ["core", "policy", "storage", "db", "audio"],
  texts: ["core"],
  command: ["core", "texts", "policy", "player", "maintenance"],
  discord: ["core", "texts", "player", "command"],
};

// The files of a folder that other folders may see; app/ composes the rest.
const PORTS = {
  process: ["runner"],
  audio: ["transcoder", "live"],
  sources: ["source", "side-service"],
  storage: ["blob-store"],
  db: [
    "schema",
    "cache-index",
    "cache-rows",
    "play-log",
    "play-tally",
    "failure-memory",
    "resolutions",
    "settings",
    "maintenance-log",
    "leases",
    "reservations",
  ],
};

const OWNERS = {
  "node_modules/(discord\\.js|@discordjs/[^/]+|discord-api-types|prism-media)/": "^src/discord/",
  "node_modules/kysely/": "^(src/db|migrations)/",
  "node_modules/better-sqlite3/": "^src/db/dialects/sqlite(-file|-copy)?\\.ts$",
  "node_modules/async-mutex/": "^src/cache/",
  "node_modules/(youtubei\\.js|@distube/ytdl-core|ytdl-core|undici)/": "^src/sources/",
  "node_modules/zod/": "^src/((config|services|sources)/|player/snapshot\\.ts$)",
  "node_modules/pino": "^src/telemetry/",
  "^(node:)?child_process$": "^(src/process/|scripts/[a-z-]+\\.cjs$)",
};

// Loaded when somebody installed them.
const OPTIONAL = "^(ytdl-core|@distube/ytdl-core|ffmpeg-static|@ffmpeg-installer/ffmpeg)$";

const OURS = "(commands|migrations|scripts|test|bench)/";
const forbid = (name, from, to) => ({ name, severity: "error", from, to });

module.exports = {
  forbidden: [
    forbid("no-circular", {}, { circular: true }),
    forbid("no-unresolved", {}, { couldNotResolve: true, pathNot: OPTIONAL }),
    ...Object.entries(LAYERS).map(([layer, may]) =>
      forbid(
        `layer-${layer}`,
        { path: `^src/${layer}/` },
        { path: `^(src/(?!(${[layer, ...may].join("|")})/)|${OURS})` },
      ),
    ),
    ...Object.entries(PORTS).map(([layer, files]) =>
      forbid(
        `port-${layer}`,
        { path: "^src/", pathNot: `^src/(${layer}|app)/` },
        { path: `^src/${layer}/`, pathNot: `^src/${layer}/(${files.join("|")})\\.ts$` },
      ),
    ),
    ...Object.entries(OWNERS).map(([module, owner], index) =>
      forbid(
        `owner-${index}`,
        { path: "^(src|commands|scripts|migrations)/", pathNot: owner },
        { path: module },
      ),
    ),
    forbid(
      "commands-see-only-the-kit",
      { path: "^commands/" },
      { path: "^(src|scripts|migrations)/|node_modules", pathNot: "^src/command/index\\.ts$" },
    ),
    forbid("migrations-are-frozen", { path: "^migrations/" }, { path: "^(src|commands|scripts)/" }),
    forbid(
      "scripts-go-through-app",
      { path: "^scripts/" },
      { path: "^src/", pathNot: "^src/(app|config|maintenance)/" },
    ),
    forbid(
      "only-main-and-scripts-import-app",
      { path: "^(src|commands|migrations)/", pathNot: "^src/(app/|main\\.ts$)" },
      { path: "^src/app/" },
    ),
  ],
  options: {
    // TypeScript 7 has no compiler API: without swc not one .ts file is seen, and the exit code is still 0.
    parser: "swc",
    tsPreCompilationDeps: true,
    // Tests are not looked into: their `await using` is more than its parser knows.
    doNotFollow: { path: "node_modules|^test/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["node", "import", "default"],
      extensions: [".ts", ".js"],
    },
  },
};
