import {
  AppError,
  buttonId,
  type CommandContext,
  defineCommand,
  defineSubcommand,
  flag,
  formatBytes,
  formatCount,
  formatDuration,
  KEEP_RULE_ARGS,
  type KeepRule,
  type KnownSong,
  type Panel,
  plain,
  plural,
  relativeTime,
  requireRight,
  roomsOf,
  scopeOf,
  scopeText,
  songTitle,
  suggestCached,
  text,
  type Track,
} from "#command";

const find = defineSubcommand({
  description: "Look for songs this bot knows; ⚡ marks those in the cache",
  args: { words: text("Words of the title or the artist, a link or an ID") },
  action: "cache.view",
  async run({ guildId, services, reply }, { words }) {
    const songs = await services.ownSongs(guildId).find(words, { limit: FOUND });
    const lines = songs.length === 0 ? ["Nothing like that is known here."] : songs.map(foundLine);
    await reply({ tone: "info", title: "Found", lines, footer: "⚡ = in the cache, starts at once" });
  },
});

/** A subcommand that protects a song from clean-ups, or no longer. */
function pinSetter(pinned: boolean, description: string, lineOf: (changed: boolean, name: string) => string) {
  return defineSubcommand({
    description,
    args: { song: text("Words, a link or an ID of a cached song", suggestCached) },
    action: "cache.manage",
    async run(context, { song }) {
      const { key, track } = await cachedSong(context, song);
      const changed = await context.services.cacheTools.pin(key, pinned);
      await context.reply({ tone: "done", lines: [lineOf(changed > 0, songTitle(track))] });
    },
  });
}

const refresh = defineSubcommand({
  description: "Fetch a song anew; the old file plays on until the new one is accepted",
  args: { song: text("Words, a link or an ID", suggestCached) },
  action: "cache.manage",
  async run(context, { song }) {
    const { guildId, services, signal } = context;
    const track = await songToFetch(context, song);
    const name = songTitle(track);
    const message = await context.reply({ tone: "waiting", lines: [`Fetching ${name} anew…`] });
    const entry = await services.cacheTools.refresh(track, guildId, signal);
    const size = entry ? ` · ${formatBytes(entry.bytes)}` : "";
    await message.edit({ tone: "done", lines: [`Fetched anew: ${name}${size}`] });
  },
});

const warm = defineSubcommand({
  description: "Fetch the songs of a playlist for later, in the background",
  args: { playlist: text("A link to a playlist") },
  action: "cache.manage",
  visibility: "public",
  async run(context, { playlist }) {
    const { guildId, services } = context;
    let playlistId: string | undefined;
    await services.warming.start(
      {
        songs: async (signal) => {
          const found = await services.resolve(playlist, { guildId }, signal);
          if (found.kind !== "playlist") throw new AppError("NOT_A_LIST");
          playlistId = found.id;
          return found.entries;
        },
        prepare: (track, signal) =>
          services.cacheTools.prepare(track, { guildId, playlistId, roomIds: roomsOf(context) }, signal),
        answer: (panel) => context.reply(panel, { private: false }),
      },
      context.signal,
    );
  },
});

/** A subcommand that sets a rule about what is stored of the songs asked for here. */
function ruleSetter(verdict: "always" | "never" | undefined, description: string): typeof find {
  return defineSubcommand({
    description,
    args: KEEP_RULE_ARGS,
    action: "cache.manage",
    async run(context, values) {
      const { guildId, services, reply } = context;
      const scope = await scopeOf(context, values);
      await services.keepRules.setRule(guildId, scope, verdict);
      await reply({ tone: "done", lines: [`${scopeText(scope)}: ${RULE_TEXTS[verdict ?? "default"]}`] });
    },
  });
}

const RULE_TEXTS = {
  always: "stored in the cache, whatever a wider rule says.",
  never: "played, but not stored in the cache. What is stored already stays.",
  default: "no rule any more.",
};

export const command = defineCommand({
  name: "cache",
  description: "Show how full the cache is and how often it helped",
  args: { public: flag("Show it to everyone in the channel") },
  action: "cache.view",
  visibility: "private",
  needs: [],
  async run(context, values) {
    await context.reply(await cachePanel(context), { private: !values.public });
  },
  mainWord: "stats",
  subcommands: {
    find,
    pin: pinSetter(
      true,
      "Keep a song in the cache whatever a clean-up says",
      (changed, name) => `${changed ? "Pinned" : "Pinned already"}: ${name}. No clean-up removes it.`,
    ),
    unpin: pinSetter(
      false,
      "Let clean-ups remove a song again",
      (changed, name) => `${changed ? "No longer pinned" : "Was not pinned"}: ${name}.`,
    ),
    refresh,
    warm,
    always: ruleSetter("always", "Store songs asked for in this server, or only some of them"),
    never: ruleSetter("never", "Play songs asked for in this server without storing them"),
    default: ruleSetter(undefined, "Take such a rule back"),
  },
  presses: {
    refresh: async (context) => context.update(await cachePanel(context)),
    cancel: async (context, { payload }) => {
      requireRight(context, "cache.manage");
      const line = context.services.warming.cancel(payload) ? "Cancelled." : "That is over already.";
      await context.reply({ tone: "info", lines: [line] }, { private: true });
    },
  },
});

const FOUND = 10;

function foundLine({ key, track, isCached, isPinned, playCount }: KnownSong): string {
  const facts = [
    `${isCached ? "⚡ " : ""}${songTitle(track)}`,
    ...(track.durationMs === null ? [] : [formatDuration(track.durationMs)]),
    ...(playCount > 0 ? [`played ${plural(playCount, "time")}`] : []),
    ...(isPinned ? ["pinned"] : []),
    `\`${key}\``,
  ];
  return `- ${facts.join(" · ")}`;
}

/** @throws {AppError} `NOT_CACHED` */
async function cachedSong({ guildId, services }: CommandContext, song: string): Promise<KnownSong> {
  const [found] = await services.ownSongs(guildId).find(song, { limit: 1, cachedOnly: true });
  if (!found) throw new AppError("NOT_CACHED");
  return found;
}

/** A cached song, or one that is to be: a song that could not be fetched before is in no cache. */
async function songToFetch({ guildId, services, signal }: CommandContext, song: string): Promise<Track> {
  const [known] = await services.ownSongs(guildId).find(song, { limit: 1, cachedOnly: true });
  if (known) return known.track;
  const found = await services.resolve(song, { guildId }, signal);
  const track = found.kind === "tracks" ? found.tracks[0] : undefined;
  if (!track) throw new AppError("UNSUPPORTED_LINK");
  return track;
}

async function cachePanel({ guildId, services }: CommandContext): Promise<Panel> {
  const [stats, here, rules] = await Promise.all([
    services.statistics(),
    services.cacheTools.playsOf(guildId),
    services.keepRules.rulesOf(guildId),
  ]);
  const { hits, misses, shared } = stats.plays;
  const share = percent(stats.bytes, stats.limitBytes);
  const rate = stats.hitRate === null ? "no plays yet" : `**${Math.floor(stats.hitRate * 100)} %** hit rate`;
  const limit = formatBytes(stats.limitBytes);
  return {
    tone: share >= 90 ? "warning" : "info",
    title: "Cache",
    lines: [
      `**${formatCount(stats.files)}** ${stats.files === 1 ? "track" : "tracks"} · **${formatBytes(stats.bytes)} of ${limit}** (${share} %)`,
      `${rate} (30 days) · ${plural(hits, "hit")} · ${plural(misses, "miss", "misses")} · ${formatCount(shared)} joined a running download`,
      herePlays(here),
      ...ruleLines(rules),
      ...mostPlayed(stats.mostPlayed),
    ],
    footer: footer(stats),
    buttons: [
      { label: "Refresh", id: buttonId("cache", "refresh"), style: "secondary" },
      { label: "Preview clean-up", id: buttonId("cache_cleanup", "press"), style: "secondary" },
    ],
  };
}

const SHOWN_RULES = 10;

function ruleLines(rules: readonly KeepRule[]): string[] {
  const shown = rules
    .slice(0, SHOWN_RULES)
    .map(({ scope, verdict }) => `- ${scopeText(scope)}: ${verdict} stored`);
  const more = rules.length - shown.length;
  if (rules.length === 0) return [];
  return ["**Rules here**", ...shown, ...(more > 0 ? [`- and ${formatCount(more)} more`] : [])];
}

/** What this guild had of it. */
function herePlays({ hits, misses, shared }: { hits: number; misses: number; shared: number }): string {
  const plays = hits + misses + shared;
  if (plays === 0) return "Here: no plays yet";
  const rate = Math.floor(((hits + shared) / plays) * 100);
  return `Here: ${plural(plays, "play")} · **${rate} %** without a download`;
}

function mostPlayed(songs: readonly { title: string; artist: string; plays: number }[]): string[] {
  if (songs.length === 0) return [];
  return [
    "**Most played**",
    ...songs.map((song, index) => `${index + 1}\\. ${plain(song.title)} · ${formatCount(song.plays)}`),
  ];
}

function footer(stats: {
  oldestUseMs: number | undefined;
  lastCleanup?: { endedAtMs: number; removedBytes: number } | undefined;
}): string {
  const oldest =
    stats.oldestUseMs === undefined ? "empty" : `longest unplayed ${relativeTime(stats.oldestUseMs)}`;
  const { lastCleanup } = stats;
  const cleaned = lastCleanup
    ? `last clean-up ${relativeTime(lastCleanup.endedAtMs)} freed ${formatBytes(lastCleanup.removedBytes)}`
    : "never cleaned up";
  return `${oldest} · ${cleaned}`;
}

/** Rounded down, so that 99.6 % is not "100 %". */
function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 100);
}
