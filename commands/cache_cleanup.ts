import {
  buttonId,
  type CommandContext,
  defineCommand,
  donePanel,
  type Panel,
  type Plan,
  PLAN_VALID_MINUTES,
  reasonText,
  type Texts,
} from "#command";

export const command = defineCommand({
  name: "cache_cleanup",
  group: "cache",
  description: ({ commands }) => commands.cacheCleanup.about,
  args: {},
  action: "cache.clean",
  shownTo: "manage-guild",
  visibility: "private",
  needs: [],
  async run(context) {
    const plan = await context.services.maintenance.plan("cleanup");
    await context.reply(previewPanel(plan, lay(context, plan), context.texts));
  },
  presses: {
    delete: async (context, { payload }) => {
      const { services, actor } = context;
      const shown = services.plans.take(payload, actor.id, services.clock.nowMs());
      const plan = await services.maintenance.plan("cleanup");
      if (differs(shown, plan)) {
        await context.update({
          ...previewPanel(plan, lay(context, plan), context.texts),
          title: context.texts.cache.changed,
        });
        return;
      }
      const report = await services.maintenance.run(plan, actor.id);
      await context.update(donePanel(context.texts.cache.cleaned, report, actor, context.texts));
    },
    list: async (context, { payload }) => {
      const plan = context.services.plans.look(payload, context.actor.id, context.services.clock.nowMs());
      await context.reply(listPanel(plan, context.privateTexts));
    },
    cancel: async (context, { payload }) => {
      context.services.plans.take(payload, context.actor.id, context.services.clock.nowMs());
      await context.update({ tone: "info", lines: [context.texts.cache.cancelled] });
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

function previewPanel(plan: Plan, number: string, texts: Texts): Panel {
  const { count: files, bytes: size } = plan.removals;
  if (files === 0) return nothingPanel(plan, texts);
  const { cache } = texts;
  const { buttons } = cache;
  const id = (press: string): string => buttonId("cache_cleanup", press, number);
  return {
    tone: "warning",
    title: cache.preview,
    lines: [...byReason(plan, texts), cache.together({ files, size })],
    footer: [...keptText(plan, texts), cache.previewValid({ length: PLAN_VALID_MINUTES })].join(" · "),
    buttons: [
      { label: buttons.delete({ files }), id: id("delete"), style: "danger" },
      { label: buttons.showList, id: id("list"), style: "secondary" },
      { label: buttons.cancel, id: id("cancel"), style: "secondary" },
    ],
  };
}

function nothingPanel(plan: Plan, texts: Texts): Panel {
  const { cache } = texts;
  const { files, bytes: size } = plan.before;
  const [kept] = keptText(plan, texts);
  const line = kept === undefined ? cache.allWithin : cache.mustStay;
  return {
    tone: "done",
    title: cache.nothingToClean,
    lines: [line({ files, size })],
    ...(kept !== undefined && { footer: kept }),
  };
}

function byReason({ removals }: Plan, texts: Texts): string[] {
  return removals.tallies.map(({ reason, count: files, bytes: size }) => {
    const line = texts.cache.goes({ files, reason: reasonText(reason, texts), size });
    return `- ${line}`;
  });
}

/** Empty when nothing that would have to go stays. */
function keptText({ kept }: Plan, texts: Texts): string[] {
  if (kept.count === 0) return [];
  const reasons = kept.tallies.map(({ reason }) => reasonText(reason, texts)).join(", ");
  return [texts.cache.kept({ files: kept.count, reasons })];
}

const LISTED = 25;

function listPanel(plan: Plan, texts: Texts): Panel {
  const { cache } = texts;
  const lines = plan.examples
    .slice(0, LISTED)
    .map(
      ({ key, bytes: size, reason }) =>
        `- \`${key}\` · ${cache.size({ size })} · ${reasonText(reason, texts)}`,
    );
  const more = plan.removals.count - LISTED;
  return {
    tone: "info",
    title: cache.list,
    lines: [...lines, ...(more > 0 ? [`… ${cache.more({ more })}`] : [])],
  };
}
