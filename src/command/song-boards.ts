import type { Logger } from "../core/logger.ts";
import { LiveMessage, type SentMessage } from "./live-message.ts";
import type { MessageHandle, MessagePlace, Panel } from "./panel.ts";

/** Where the message of each guild was before a restart. */
export interface BoardMemory {
  recall(guildId: string): MessagePlace | undefined;
  /** `undefined` = there is none any more. */
  note(guildId: string, place: MessagePlace | undefined): void;
}

export interface SongBoardsDeps {
  /** Sends a message into a text channel of a guild. */
  readonly post: (channelId: string, panel: Panel) => Promise<MessageHandle>;
  /** Deletes a message of ours. */
  readonly remove: (place: MessagePlace) => Promise<void>;
  readonly memory: BoardMemory;
  readonly log: Logger;
}

/** A song, and the text channel it is to be shown in. */
export interface ShownSong {
  readonly id: string;
  readonly channelId: string;
  /** Where it is shown when nothing can be written there any more. */
  readonly otherwise?: string;
}

interface Board {
  /** Empty between songs. */
  songId: string;
  readonly channelId: string;
  readonly message: LiveMessage;
}

/** With more messages below it, a message has scrolled away. */
const MOST_BELOW = 5;

/** The one message of each guild that shows its song. A new song takes it over, unless it has scrolled away. */
export class SongBoards {
  readonly #deps: SongBoardsDeps;
  readonly #boards = new Map<string, Board>();

  constructor(deps: SongBoardsDeps) {
    this.#deps = deps;
  }

  /** Shows something of a song, in the guild's message if that may stay where it is, else in a new one. */
  show(guildId: string, song: ShownSong, panel: Panel): void {
    const board = this.#boards.get(guildId);
    // Where nothing can be written, the next song is tried again and not each change of this one.
    if (board?.message.isUnsent && board.songId === song.id) return;
    if (board && !board.message.isLost && (board.songId === song.id || mayStay(board, song))) {
      board.songId = song.id;
      board.message.show(panel);
      return;
    }
    const sent = this.#post(song, panel).then((handle) => ({ handle, shown: panel }));
    this.put(guildId, song, sent);
  }

  /** Takes a message that is being sent for the guild's; the one before goes. */
  put(guildId: string, song: ShownSong, sent: Promise<SentMessage>): void {
    const { log } = this.#deps;
    this.#removeOld(guildId);
    const message = new LiveMessage(sent, log);
    this.#boards.set(guildId, { songId: song.id, channelId: song.channelId, message });
    void this.#note(guildId, message, sent);
  }

  /** Remembers where a message is, once it is there and unless it was followed by another. */
  async #note(guildId: string, message: LiveMessage, sent: Promise<SentMessage>): Promise<void> {
    const { log, memory } = this.#deps;
    try {
      const { handle } = await sent;
      if (this.#boards.get(guildId)?.message === message) memory.note(guildId, handle.place);
    } catch (error) {
      log.warn("announce.failed", { error });
    }
  }

  /** The song is over: the next one may take the message over, also when it is the same again. */
  between(guildId: string): void {
    const board = this.#boards.get(guildId);
    if (board) board.songId = "";
  }

  /** Leaves the message as it is; the next song gets another one. */
  letGo(guildId: string): void {
    this.#boards.delete(guildId);
    this.#deps.memory.note(guildId, undefined);
  }

  async #post({ channelId, otherwise = channelId }: ShownSong, panel: Panel): Promise<MessageHandle> {
    const { post, log } = this.#deps;
    if (otherwise === channelId) return await post(channelId, panel);
    try {
      return await post(channelId, panel);
    } catch (error) {
      log.warn("announce.elsewhere", { channelId, error });
      return await post(otherwise, panel);
    }
  }

  #removeOld(guildId: string): void {
    const { memory, remove, log } = this.#deps;
    const board = this.#boards.get(guildId);
    if (board) {
      void board.message.remove();
      return;
    }
    const place = memory.recall(guildId);
    if (place) remove(place).catch((error: unknown) => log.debug("announce.not_removed", { error }));
  }
}

function mayStay({ channelId, message }: Board, song: ShownSong): boolean {
  return channelId === song.channelId && message.below <= MOST_BELOW;
}
