// What a command file may use, in one place.
export { AppError } from "../core/errors.ts";
export { formatBytes, formatCount, formatDuration, plural } from "../core/format.ts";
export type { Track } from "../core/track.ts";
export type { RunReport } from "../maintenance/apply.ts";
export type { Plan } from "../maintenance/plan.ts";
export type { GuildSession, QueueItem } from "../player/guild-session.ts";
export { flag, integer, text } from "./args.ts";
export type { CommandContext, MessageHandle, Resolved } from "./context.ts";
export { type Command, defineCommand, type Press, usageOf } from "./define.ts";
export { type Button, buttonId, type Panel } from "./panel.ts";
export { PlanDesk } from "./plan-desk.ts";
export { inVoice, playing } from "./preconditions.ts";
export { loadingPanel, nowPlayingPanel, progressBar, queuedPanel, songTitle } from "./song-panels.ts";
export { plain, relativeTime } from "./text.ts";
