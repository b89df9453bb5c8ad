// What a command file may use, in one place.
export { AppError } from "../core/errors.ts";
export { PROFILE_NAMES } from "../core/audio-profiles.ts";
export { EFFECT_NAMES } from "../core/effects.ts";
export { GUILD_OPTION_NAMES, GUILD_OPTIONS, type GuildOptionName } from "../core/guild-options.ts";
export type { KnownSong } from "../core/catalogue.ts";
export { formatDuration } from "../core/format.ts";
export { LANGUAGE_CODES } from "../core/language-codes.ts";
export { writeListJson, writeListM3u } from "../core/list-file.ts";
export { LOUDEST_PERCENT } from "../core/guild-volumes.ts";
export type { PastPlay } from "../core/play-history.ts";
export { MOST_SONGS_IN_LIST, savedSongKey } from "../core/saved-list.ts";
export { phrase } from "../core/sentence.ts";
export { shuffled } from "../core/shuffle.ts";
export { parsePosition } from "../core/song-position.ts";
export type { Track } from "../core/track.ts";
export { type Plan, profileName } from "../maintenance/plan.ts";
export type { EnqueueAt } from "../player/guild-session.ts";
export { isRepeated, type QueueItem } from "../player/queue.ts";
export type { Count } from "../policy/votes.ts";
export { LANGUAGES, type Texts } from "../texts/texts.ts";
export {
  type Arg,
  type AttachedFile,
  choice,
  duration,
  file,
  flag,
  integer,
  longWord,
  named,
  optionalLongText,
  optionalText,
  required,
  text,
  thing,
  word,
} from "./args.ts";
export { donePanel, reasonText } from "./cache-panels.ts";
export { decode } from "./arg-values.ts";
export type { CommandContext, CommandSummary, Resolved } from "./context.ts";
export {
  type Command,
  defineCommand,
  defineSubcommand,
  type GivenMessage,
  type Press,
  usageIn,
  usageOf,
  usageText,
} from "./define.ts";
export { countMiss } from "./dispatch.ts";
export { GROUPS } from "./groups.ts";
export { goTo } from "./go-to.ts";
export { KEEP_RULE_ARGS, roomsOf, scopeOf, scopeText } from "./keep-scope.ts";
export { lackText, placesText, tasksAround } from "./lacks.ts";
export type { KeepRule } from "../policy/admission.ts";
export { addedPanel, listName, listPanel, listsPanel } from "./list-panels.ts";
export { lyricsPanel, lyricsView } from "./lyrics-panels.ts";
export { switchOption } from "./option-switch.ts";
export { firstLink } from "./first-link.ts";
export { pageButtons } from "./page-buttons.ts";
export { type Button, buttonId, type Menu, type MessageHandle, type Panel } from "./panel.ts";
export { PLAN_VALID_MINUTES } from "./plan-desk.ts";
export { inVoice, playing, requireVoice } from "./preconditions.ts";
export { decidesAlone, hasRight, requireRight, requireSkip } from "./rights.ts";
export { playSongs, requestSongs } from "./song-request.ts";
export { seekBy, seekTo } from "./seek-by.ts";
export { voteToSkip } from "./skip-vote.ts";
export {
  itemLengthMs,
  itemTitle,
  loadingPanel,
  nowPlayingPanel,
  playlistPanel,
  queuedPanel,
  requester,
  songTitle,
  startingPanel,
} from "./song-panels.ts";
export {
  type OwnSongs,
  songSuggestion,
  suggestCached,
  suggestLists,
  type Suggestion,
} from "./suggestions.ts";
export { plain, relativeTime, titleLine } from "./text.ts";
export { versesAt } from "../policy/verses.ts";
export {
  addSongs,
  currentSong,
  favouritesOf,
  findList,
  type ListPlace,
  listToChange,
  makeList,
  placeOf,
  songAt,
  songsMeant,
  songsOf,
} from "./saved-lists.ts";
