import {
  buttonId,
  type CommandContext,
  defineCommand,
  donePanel,
  formatBytes,
  type Panel,
  type Plan,
  plural,
} from "#command";

export const command = defineCommand({
  name: "cache_cleanup",
  description: "Remove what was not played for long and what is over the limit, after a preview",
  args: {},
  action: "cache.clean",
  shownTo: "manage-guild",
  visibility: "private",
  needs: [],
  async run(context) {
    const plan = await context.services.maintenance.plan("cleanup");
    await context.reply(previewPanel(plan, lay(context, plan)));
  },
  presses: {
    delete: async (context, { payload }) => {
      const { services, actor } = context;
      const shown = services.plans.take(payload, actor.id, services.clock.nowMs());
      const plan = await services.maintenance.plan("cleanup");
      if (differs(shown, plan)) {
        await context.update({
          ...previewPanel(plan, lay(context, plan)),
          title: "The cache has changed — nothing deleted yet",
        });
        return;
      }
      const report = await services.maintenance.run(plan, actor.id);
      await context.update(donePanel("Clean-up done", report, actor));
    },
    list: async (context, { payload }) => {
      const plan = context.services.plans.look(payload, context.actor.id, context.services.clock.nowMs());
      await context.reply(listPanel(plan));
    },
    cancel: async (context, { payload }) => {
      context.services.plans.take(payload, context.actor.id, context.services.clock.nowMs());
      await context.update({ tone: "info", lines: ["Clean-up cancelled. Nothing was deleted."] });
    },
  },
});

function lay({ services, actor }: CommandContext, plan: Plan): string {
  return services.plans.lay(plan, actor.id, services.clock.nowMs());
}

/** True when more or other files would go than the person saw; of many, when anything has changed. */
function differs(shown: Plan, now: Plan): boolean {
  if (shown.digest === now.digest) return false;
  const seen = new Set(shown.examples.map(({ ref }) => ref));
  return now.removals.count > now.examples.length || now.examples.some(({ ref }) => !seen.has(ref));
}

function previewPanel(plan: Plan, number: string): Panel {
  const { count: files, bytes } = plan.removals;
  if (files === 0) {
    const why =
      plan.kept.count === 0 ? "all within the limit and the retention" : "what would go must stay for now";
    return {
      tone: "done",
      title: "Nothing to clean up",
      lines: [`${plural(plan.before.files, "track")}, ${formatBytes(plan.before.bytes)}: ${why}.`],
      ...keptFooter(plan),
    };
  }
  return {
    tone: "warning",
    title: "Clean-up preview — nothing deleted yet",
    lines: [...byReason(plan), `Together **${plural(files, "file")}**, **${formatBytes(bytes)}**.`],
    footer: [...Object.values(keptFooter(plan)), "preview valid for 5 minutes"].join(" · "),
    buttons: [
      {
        label: `Delete ${plural(files, "file")}`,
        id: buttonId("cache_cleanup", "delete", number),
        style: "danger",
      },
      { label: "Show list", id: buttonId("cache_cleanup", "list", number), style: "secondary" },
      { label: "Cancel", id: buttonId("cache_cleanup", "cancel", number), style: "secondary" },
    ],
  };
}

function byReason({ removals }: Plan): string[] {
  return removals.tallies.map(
    ({ reason, count, bytes }) => `- ${plural(count, "track")} ${reason} · ${formatBytes(bytes)}`,
  );
}

function keptFooter({ kept }: Plan): { readonly footer?: string } {
  if (kept.count === 0) return {};
  const reasons = kept.tallies.map(({ reason }) => reason).join(", ");
  return { footer: `kept: ${plural(kept.count, "track")} (${reasons})` };
}

const LISTED = 25;

function listPanel(plan: Plan): Panel {
  const lines = plan.examples
    .slice(0, LISTED)
    .map((removal) => `- \`${removal.key}\` · ${formatBytes(removal.bytes)} · ${removal.reason}`);
  const more = plan.removals.count - LISTED;
  return {
    tone: "info",
    title: "What a clean-up would delete",
    lines: [...lines, ...(more > 0 ? [`… and ${plural(more, "more", "more")}`] : [])],
  };
}
