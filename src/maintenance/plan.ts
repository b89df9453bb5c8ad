// What a run would do and why, found by walking the inventory; the size of a plan does not grow with the cache.
import type { ProfileId } from "../core/audio-profile.ts";
import { type CacheKey, parseCacheKey } from "../core/track.ts";
import {
  comparePlaces,
  type EvictionNeed,
  evictNext,
  type EvictionPlace,
  type EvictionPolicy,
  excessBytes,
  placeOf,
} from "../policy/eviction.ts";
import { isExpired, lastUsedAtMs } from "../policy/retention.ts";
import type { Inventory, InventoryItem } from "./inventory.ts";
import type { Judgement, KeepReason, RemovalReason } from "./judgement.ts";
import { PlanDraft, type Planned } from "./plan-draft.ts";

/** What a run would do and why. Making one changes nothing; {@link judgements} finds its files again. */
export type Plan = Planned & (CleanupScope | ClearScope);

interface CleanupScope extends Evictions {
  readonly kind: "cleanup";
  readonly rules: CleanupRules;
}

/** How far the order of eviction was walked. */
interface Evictions {
  /** Up to which place files go because of the limit, and are named as kept; `undefined` = none. */
  readonly goesUpTo: EvictionPlace | undefined;
  readonly keptUpTo: EvictionPlace | undefined;
  /** What goes because of the limit, in bytes; carrying it out takes no more. */
  readonly goesBytes: number;
  /** The highest evict key among those that go because of the limit. */
  readonly lastEvictKey: number | undefined;
}

interface ClearScope {
  readonly kind: "clear";
  readonly selection: ClearSelection;
}

/** Kinds of songs that a clean-up takes. */
export const TRACK_CATEGORIES = ["expired", "over-limit", "stale-profiles", "orphans"] as const;

export type TrackCategory = (typeof TRACK_CATEGORIES)[number];

export interface CleanupRules {
  readonly limitBytes: number;
  /** Free so many bytes in any case. */
  readonly roomBytes?: number;
  readonly retentionDays: number;
  readonly policy: EvictionPolicy;
  readonly nowMs: number;
  /** Default: all but files without a row, which a check can save. */
  readonly categories?: ReadonlySet<TrackCategory>;
  /** Profiles whose songs are played; the others are stale. Absent = nobody knows. */
  readonly currentProfiles?: ReadonlySet<ProfileId>;
  /** How far below the limit evictions go, see policy/eviction.ts. */
  readonly lowWaterMark?: number;
}

/** What a clearing takes; all of it when nothing is said. */
export interface ClearSelection {
  /** The whole id of a profile, or a name, which more than one may have. */
  readonly profile?: string;
  readonly source?: string;
  readonly key?: CacheKey;
}

const DEFAULT_CATEGORIES: ReadonlySet<TrackCategory> = new Set(["expired", "over-limit", "stale-profiles"]);

/** Somebody may go back to the settings of a profile within this time. */
const STALE_GRACE_MS = 7 * 24 * 60 * 60 * 1000;

/** A file this young may still be on its way to its first play. */
const GRACE_MS = 10 * 60 * 1000;

/** What is stale, without a row or expired, and then what the limit says. */
export async function planCleanup(inventory: Inventory, rules: CleanupRules): Promise<Plan> {
  const draft = new PlanDraft(rules.nowMs);
  let leftBytes = 0;
  for await (const item of inventory.byName()) {
    draft.meet(item);
    const judged = judgeDue(item, rules);
    if (judged) draft.add(judged);
    if (judged?.verdict !== "goes") leftBytes += item.bytes;
  }
  const limitBytes = limitOf(rules, draft.bytes);
  const needBytes = takes("over-limit", rules) ? excessBytes(leftBytes, { ...rules, limitBytes }) : 0;
  return {
    kind: "cleanup",
    rules,
    ...(await planEvictions(inventory, rules, needBytes, draft)),
    ...draft.plan(),
  };
}

/** Walks no further than until enough has been found. */
async function planEvictions(
  inventory: Inventory,
  rules: CleanupRules,
  needBytes: number,
  draft: PlanDraft,
): Promise<Evictions> {
  let found: Evictions = { goesUpTo: undefined, keptUpTo: undefined, goesBytes: 0, lastEvictKey: undefined };
  let need: EvictionNeed = { bytes: needBytes, ripeBytes: needBytes };
  for await (const item of needBytes > 0 ? inventory.byRank(rules.policy) : []) {
    if (need.bytes <= 0) break;
    if (judgeDue(item, rules)) continue;
    const place = placeIn(item, rules);
    const protection = protects(item, rules.nowMs);
    if (need.ripeBytes > 0) found = { ...found, keptUpTo: place };
    const next = evictNext(need, { bytes: item.bytes, isProtected: protection !== undefined });
    need = next.need;
    if (next.verdict === "stays") continue;
    draft.add(judgeRipe(item, protection));
    if (next.verdict !== "goes") continue;
    const lastEvictKey = Math.max(found.lastEvictKey ?? 0, item.evictKey);
    found = { ...found, goesUpTo: place, goesBytes: found.goesBytes + item.bytes, lastEvictKey };
  }
  return found;
}

/** Everything chosen goes; what is playing goes when it has ended, which is the business of applying it. */
export async function planClear(
  inventory: Inventory,
  selection: ClearSelection,
  nowMs: number,
): Promise<Plan> {
  const draft = new PlanDraft(nowMs);
  for await (const item of inventory.byName()) {
    draft.meet(item);
    if (isChosen(item, selection)) draft.add({ verdict: "goes", item, reason: "clear" });
  }
  return { kind: "clear", selection, ...draft.plan() };
}

/**
 * The files of a plan as they are now, one by one. What was made or played since then was not meant; what somebody
 * needs by now is kept.
 */
export async function* judgements(
  inventory: Inventory,
  plan: Plan,
): AsyncGenerator<Judgement, void, undefined> {
  if (plan.kind === "cleanup") return yield* cleanupJudgements(inventory, plan);
  for await (const item of inventory.byName())
    if (item.createdAtMs < plan.asOfMs && isChosen(item, plan.selection))
      yield { verdict: "goes", item, reason: "clear" };
}

async function* cleanupJudgements(
  inventory: Inventory,
  plan: Planned & CleanupScope,
): AsyncGenerator<Judgement, void, undefined> {
  for await (const item of inventory.byName()) {
    const judged = judgeDue(item, plan.rules);
    if (judged) yield judged;
  }
  if (plan.goesUpTo || plan.keptUpTo) yield* evictionJudgements(inventory, plan);
}

/** What had to be kept may go by now: instead of what was to go for it, never beside it. */
async function* evictionJudgements(
  inventory: Inventory,
  plan: Planned & CleanupScope,
): AsyncGenerator<Judgement, void, undefined> {
  const { rules, goesUpTo, keptUpTo } = plan;
  let leftBytes = plan.goesBytes;
  for await (const item of inventory.byRank(rules.policy)) {
    if (!isWithin(item, rules, goesUpTo) && !isWithin(item, rules, keptUpTo)) break;
    const judged = judgeDue(item, rules) ? undefined : judgeAgain(item, plan);
    const bytes = judged?.verdict === "goes" ? item.bytes : 0;
    if (!judged || bytes > leftBytes) continue;
    leftBytes -= bytes;
    yield judged;
  }
}

/** What becomes of a file that stands where the plan took files because of the limit. */
function judgeAgain(
  item: InventoryItem,
  { rules, asOfMs, goesUpTo, keptUpTo }: Planned & CleanupScope,
): Judgement | undefined {
  const protection = protects(item, rules.nowMs);
  if (protection) return isWithin(item, rules, keptUpTo) ? judgeRipe(item, protection) : undefined;
  if (!isWithin(item, rules, goesUpTo)) return undefined;
  return judgeRipe(item, lastUsedAtMs(item) < asOfMs ? undefined : "played since");
}

function isWithin(item: InventoryItem, rules: CleanupRules, end: EvictionPlace | undefined): boolean {
  return end !== undefined && comparePlaces(placeIn(item, rules), end) <= 0;
}

/** What becomes of a file that is due whatever the limit says; `undefined` = it is not. Pure. */
export function judgeDue(item: InventoryItem, rules: CleanupRules): Judgement | undefined {
  const reason = dueReason(item, rules);
  if (!reason) return undefined;
  const isBegun = reason === "unfinished removal";
  const protection = isBegun && item.use !== "playing" ? undefined : protects(item, rules.nowMs);
  return protection ? { verdict: "kept", item, reason: protection } : { verdict: "goes", item, reason };
}

function judgeRipe(item: InventoryItem, protection: KeepReason | undefined): Judgement {
  if (protection) return { verdict: "kept", item, reason: protection };
  return { verdict: "goes", item, reason: "over the limit" };
}

function dueReason(item: InventoryItem, rules: CleanupRules): RemovalReason | undefined {
  if (item.halfRemoved) return "unfinished removal";
  if (takes("stale-profiles", rules) && isStale(item, rules)) return "stale profile";
  if (takes("orphans", rules) && !item.hasRow) return "file without row";
  return takes("expired", rules) && isExpired(item, rules) ? "not played lately" : undefined;
}

function takes(category: TrackCategory, { categories = DEFAULT_CATEGORIES }: CleanupRules): boolean {
  return categories.has(category);
}

/** True for a song that no profile of today would play, some time after its last play. */
function isStale(item: InventoryItem, { currentProfiles, nowMs }: CleanupRules): boolean {
  if (!currentProfiles || currentProfiles.has(item.profileId)) return false;
  return nowMs - lastUsedAtMs(item) > STALE_GRACE_MS;
}

function protects(item: InventoryItem, nowMs: number): KeepReason | undefined {
  if (item.use !== "free") return item.use;
  if (item.pinned) return "pinned";
  return nowMs - item.createdAtMs < GRACE_MS ? "just made" : undefined;
}

function placeIn(item: InventoryItem, { policy }: CleanupRules): EvictionPlace {
  return placeOf({ ...item, lastUsedAtMs: lastUsedAtMs(item) }, policy);
}

function limitOf({ limitBytes, roomBytes }: CleanupRules, sumBytes: number): number {
  return roomBytes === undefined ? limitBytes : Math.max(0, Math.min(limitBytes, sumBytes) - roomBytes);
}

function isChosen(item: InventoryItem, { profile, source, key }: ClearSelection): boolean {
  if (profile !== undefined && item.profileId !== profile && profileName(item.profileId) !== profile)
    return false;
  if (key !== undefined && item.key !== key) return false;
  return source === undefined || parseCacheKey(item.key)?.ref.source === source;
}

/** `night` of `night-1a2b3c4d`. */
export function profileName(profileId: string): string {
  return profileId.slice(0, profileId.lastIndexOf("-"));
}
