import {
  AppError,
  type Button,
  buttonId,
  type CommandContext,
  defineCommand,
  defineSubcommand,
  flag,
  formatDuration,
  hasRight,
  KEEP_RULE_ARGS,
  type KeepRule,
  type KnownSong,
  type Panel,
  plain,
  relativeTime,
  requireRight,
  roomsOf,
  scopeOf,
  scopeText,
  songTitle,
  suggestCached,
  text,
  type Texts,
  type Track,
} from "#command";

const find = defineSubcommand({
  description: ({ commands }) => commands.cacheFind.about,
  args: { words: text(({ commands }) => commands.cacheFind.words) },
  action: "cache.view",
  async run({ guildId, services, texts, reply }, { words }) {
    const songs = await services.ownSongs(guildId).find(words, { limit: FOUND });
    const { found, nothingFound, legend } = texts.cache;
    const lines = songs.length === 0 ? [nothingFound] : songs.map((song) => foundLine(song, texts));
    await reply({ tone: "info", title: found, lines, footer: legend });
  },
});

/** A subcommand that protects a song from clean-ups, or no longer. */
function pinSetter(
  pinned: boolean,
  about: "cachePin" | "cacheUnpin",
  lineOf: (texts: Texts, changed: boolean) => (facts: { song: string }) => string,
): typeof find {
  return defineSubcommand({
    description: ({ commands }) => commands[about].about,
    args: { song: text(({ commands }) => commands[about].song, suggestCached) },
    action: "cache.manage",
    async run(context, { song }) {
      const { key, track } = await cachedSong(context, song);
      const changed = await context.services.cacheTools.pin(key, pinned);
      const line = lineOf(context.texts, changed > 0);
      await context.reply({ tone: "done", lines: [line({ song: songTitle(track) })] });
    },
  });
}

const refresh = defineSubcommand({
  description: ({ commands }) => commands.cacheRefresh.about,
  args: { song: text(({ commands }) => commands.cacheRefresh.song, suggestCached) },
  action: "cache.manage",
  async run(context, { song }) {
    const { guildId, services, signal, texts } = context;
    const track = await songToFetch(context, song);
    const name = songTitle(track);
    const message = await context.reply({
      tone: "waiting",
      lines: [texts.songs.fetchingAnew({ song: name })],
    });
    const entry = await services.cacheTools.refresh(track, guildId, signal);
    const size = entry ? ` · ${texts.cache.size({ size: entry.bytes })}` : "";
    await message.edit({ tone: "done", lines: [`${texts.cache.fetched({ song: name })}${size}`] });
  },
});

const warm = defineSubcommand({
  description: ({ commands }) => commands.cacheWarm.about,
  args: { playlist: text(({ commands }) => commands.cacheWarm.playlist) },
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
        texts: context.publicTexts,
      },
      context.signal,
    );
  },
});

/** A subcommand that sets a rule about what is stored of the songs asked for here. */
function ruleSetter(
  verdict: "always" | "never" | undefined,
  description: (texts: Texts) => string,
): typeof find {
  return defineSubcommand({
    description,
    args: KEEP_RULE_ARGS,
    action: "cache.manage",
    async run(context, values) {
      const { guildId, services, texts, reply } = context;
      const scope = await scopeOf(context, values);
      await services.keepRules.setRule(guildId, scope, verdict);
      const line = texts.cache.ruleSet[verdict ?? "default"];
      await reply({ tone: "done", lines: [line({ songs: scopeText(scope, texts) })] });
    },
  });
}

export const command = defineCommand({
  name: "cache",
  group: "cache",
  description: ({ commands }) => commands.cache.about,
  args: { public: flag(({ commands }) => commands.cache.public) },
  action: "cache.view",
  visibility: "private",
  needs: [],
  async run(context, values) {
    const texts = values.public ? context.publicTexts : context.texts;
    await context.reply(await cachePanel(context, texts), { private: !values.public });
  },
  mainWord: "stats",
  subcommands: {
    find,
    pin: pinSetter(true, "cachePin", ({ cache }, changed) => (changed ? cache.pinned : cache.pinnedAlready)),
    unpin: pinSetter(false, "cacheUnpin", ({ cache }, changed) =>
      changed ? cache.unpinned : cache.notPinned,
    ),
    refresh,
    warm,
    always: ruleSetter("always", ({ commands }) => commands.cacheAlways.about),
    never: ruleSetter("never", ({ commands }) => commands.cacheNever.about),
    default: ruleSetter(undefined, ({ commands }) => commands.cacheDefault.about),
  },
  presses: {
    refresh: async (context) => context.update(await cachePanel(context, context.texts)),
    cancel: async (context, { payload }) => {
      requireRight(context, "cache.manage");
      const { cancelled, overAlready } = context.privateTexts.warming;
      const line = context.services.warming.cancel(payload) ? cancelled : overAlready;
      await context.reply({ tone: "info", lines: [line] }, { private: true });
    },
  },
});

const FOUND = 10;

function foundLine({ key, track, isCached, isPinned, playCount }: KnownSong, { cache }: Texts): string {
  const facts = [
    `${isCached ? "⚡ " : ""}${songTitle(track)}`,
    ...(track.durationMs === null ? [] : [formatDuration(track.durationMs)]),
    ...(playCount > 0 ? [cache.played({ plays: playCount })] : []),
    ...(isPinned ? [cache.pinnedMark] : []),
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

async function cachePanel(context: CommandContext, texts: Texts): Promise<Panel> {
  const { guildId, services } = context;
  const [stats, here, rules] = await Promise.all([
    services.statistics(),
    services.cacheTools.playsOf(guildId),
    services.keepRules.rulesOf(guildId),
  ]);
  const { cache } = texts;
  const { files, bytes: size, limitBytes: limit, hitRate } = stats;
  const share = percent(size, limit);
  const preview: Button = {
    label: cache.buttons.preview,
    id: buttonId("cache_cleanup", "press"),
    style: "secondary",
  };
  const rate = hitRate === null ? cache.noPlays : cache.hitRate({ percent: Math.floor(hitRate * 100) });
  return {
    tone: share >= 90 ? "warning" : "info",
    title: cache.title,
    lines: [
      cache.holds({ files, size, limit, percent: share }),
      cache.plays({ rate, ...stats.plays }),
      herePlays(here, texts),
      ...ruleLines(rules, texts),
      ...mostPlayed(stats.mostPlayed, texts),
    ],
    footer: footer(stats, texts),
    buttons: [
      { label: cache.buttons.refresh, id: buttonId("cache", "refresh"), style: "secondary" },
      ...(hasRight(context, "cache.clean") ? [preview] : []),
    ],
  };
}

const SHOWN_RULES = 10;

function ruleLines(rules: readonly KeepRule[], texts: Texts): string[] {
  const { cache } = texts;
  const shown = rules
    .slice(0, SHOWN_RULES)
    .map(({ scope, verdict }) => `- ${cache.rule[verdict]({ songs: scopeText(scope, texts) })}`);
  const more = rules.length - shown.length;
  if (rules.length === 0) return [];
  return [cache.rules, ...shown, ...(more > 0 ? [`- ${cache.more({ more })}`] : [])];
}

/** What this guild had of it. */
function herePlays(here: { hits: number; misses: number; shared: number }, { cache }: Texts): string {
  const plays = here.hits + here.misses + here.shared;
  if (plays === 0) return cache.nothingHere;
  return cache.playsHere({ plays, percent: percent(here.hits + here.shared, plays) });
}

function mostPlayed(
  songs: readonly { title: string; artist: string; plays: number }[],
  { cache }: Texts,
): string[] {
  if (songs.length === 0) return [];
  const rows = songs.map(({ title, plays }, index) =>
    cache.rank({ rank: index + 1, title: plain(title), plays }),
  );
  return [cache.mostPlayed, ...rows];
}

function footer(
  stats: {
    oldestUseMs: number | undefined;
    lastCleanup?: { endedAtMs: number; removedBytes: number } | undefined;
  },
  { cache }: Texts,
): string {
  const { oldestUseMs, lastCleanup } = stats;
  const oldest =
    oldestUseMs === undefined ? cache.empty : cache.longestUnplayed({ when: relativeTime(oldestUseMs) });
  const cleaned = lastCleanup
    ? cache.lastCleanup({ when: relativeTime(lastCleanup.endedAtMs), freed: lastCleanup.removedBytes })
    : cache.neverCleaned;
  return `${oldest} · ${cleaned}`;
}

/** Rounded down, so that 99.6 % is not "100 %". */
function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 100);
}
