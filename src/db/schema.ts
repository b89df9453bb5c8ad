import type { Generated, Kysely } from "kysely";

/** Times are integer milliseconds since the epoch, keys are text, booleans are 0 or 1. */
export interface Schema {
  tracks: {
    key: string;
    source: string;
    source_id: string;
    title: string;
    artist: string;
    url: string;
    duration_ms: number | null;
    is_live: number;
    thumbnail_url: string | null;
    updated_at_ms: number;
    /** JSON; `null` = nobody has asked yet. */
    chapters: string | null;
  };
  cache_entries: {
    key: string;
    profile_id: string;
    blob_ref: string;
    bytes: number;
    duration_ms: number;
    sha256: string;
    source_integrated_lufs: number | null;
    source_true_peak_dbtp: number | null;
    /** 0 = the source was never measured (an adopted file), so the two columns before mean nothing. */
    source_measured: number;
    integrated_lufs: number | null;
    true_peak_dbtp: number | null;
    created_at_ms: number;
    last_played_at_ms: number | null;
    play_count: number;
    pinned: number;
    state: "ready" | "evicting" | "evicted";
    /** 1 = it was cleared while it played: it goes when it has ended. */
    leaving: number;
    /** Priority in GDSF; the smallest goes first. See policy/eviction.ts. */
    evict_key: number;
  };
  /** Which recording a song is that a music service names. */
  matches: { source: string; source_id: string; track_key: string; matched_at_ms: number };
  resolutions: { query: string; track_keys: string; expires_at_ms: number };
  failures: {
    key: string;
    code: string;
    context: string;
    attempts: number;
    failed_at_ms: number;
    retry_at_ms: number;
  };
  plays: {
    id: string;
    at_ms: number;
    guild_id: string;
    key: string;
    profile_id: string;
    outcome: "hit" | "miss" | "shared";
    /** From the request to readable audio. */
    waited_ms: number;
    /** Bytes that did not have to be fetched. */
    bytes_saved: number;
    /** Discord id of who asked for it; `null` = it was not noted. */
    person_id: string | null;
    /** 1 = nobody asked for it: it went on by itself. */
    is_autoplay: Generated<number>;
  };
  saved_lists: {
    id: string;
    owner_kind: "person" | "guild";
    owner_id: string;
    name: string;
    /** See core/saved-list.ts; empty = the favourites. */
    name_key: string;
    made_by: string;
    changed_at_ms: number;
  };
  /** Facts as they were when the song was added; those of `tracks` count more. */
  saved_songs: {
    list_id: string;
    position: number;
    key: string;
    source: string;
    source_id: string;
    title: string;
    artist: string;
    url: string;
    duration_ms: number | null;
  };
  /** `plain` and `synced` both `null` without being instrumental = there are none. */
  lyrics: {
    key: string;
    plain: string | null;
    /** LRC. */
    synced: string | null;
    is_instrumental: number;
    expires_at_ms: number;
  };
  /** Parts of songs that are no music, as JSON: `[[fromMs, toMs], …]`; empty = there are none. */
  segments: { key: string; cuts: string; expires_at_ms: number };
  maintenance_runs: {
    id: string;
    kind: string;
    actor: string;
    started_at_ms: number;
    ended_at_ms: number;
    removed_files: number;
    removed_bytes: number;
    kept_in_use: number;
    failed: number;
    origin: "cli" | "chat" | "schedule";
    /** What was asked for: the options of the run. */
    detail: string;
    /** Rows and files that were put right without removing audio. */
    repaired: number;
  };
  leases: {
    name: string;
    token: number;
    /** See process/identity.ts; `null` = given back. */
    owner: string | null;
    /** On the clock of the owner's machine since its start. */
    expires_uptime_ms: number;
    expires_at_ms: number;
  };
  /** Bytes that running downloads may still need. */
  reservations: { lease_name: string; owner: string; bytes: number };
  files_in_use: { blob_ref: string; owner: string };
  settings: { name: string; value: string };
  guild_settings: { guild_id: string; name: string; value: string };
  /** What to go on with after a restart; `session` is JSON, and so is what waits. */
  queues: {
    guild_id: string;
    session: string;
    position_ms: number;
    /** Its entries are those from the first to before the end. */
    first_seq: number;
    end_seq: number;
  };
  queue_items: { guild_id: string; seq: number; item: string };
}

export type Database = Kysely<Schema>;
