import {
  buttonId,
  type CommandContext,
  defineCommand,
  flag,
  formatBytes,
  formatCount,
  type Panel,
  plain,
  plural,
  relativeTime,
} from "#command";

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
  presses: {
    refresh: async (context) => context.update(await cachePanel(context)),
  },
});

async function cachePanel({ services }: CommandContext): Promise<Panel> {
  const stats = await services.statistics();
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
      ...mostPlayed(stats.mostPlayed),
    ],
    footer: footer(stats),
    buttons: [
      { label: "Refresh", id: buttonId("cache", "refresh"), style: "secondary" },
      { label: "Preview clean-up", id: buttonId("cache_cleanup", "press"), style: "secondary" },
    ],
  };
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
