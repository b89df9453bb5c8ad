/** Text channels in which messages are sent, changed and deleted, and what was seen there. */
import { type BoardMemory, SongBoards } from "../../src/command/song-boards.ts";
import type { MessageHandle, MessagePlace, Panel } from "../../src/command/panel.ts";
import type { Logger } from "../../src/core/logger.ts";

/** One message. */
export interface SeenMessage {
  readonly channelId: string;
  readonly id: string;
  /** All that it ever showed. */
  readonly panels: Panel[];
  isDeleted: boolean;
  /** How many messages have come after it. */
  below: number;
  /** Discord refuses to change it. */
  isLost: boolean;
}

export class FakeChannels {
  readonly messages: SeenMessage[] = [];
  readonly removed: MessagePlace[] = [];
  readonly places = new Map<string, MessagePlace>();
  /** Discord refuses new messages. */
  isMute = false;
  refusals = 0;
  /** Channels that are gone. */
  readonly gone = new Set<string>();

  /** What is there and was not deleted. */
  get shown(): readonly SeenMessage[] {
    return this.messages.filter(({ isDeleted }) => !isDeleted);
  }

  readonly post = async (channelId: string, panel: Panel): Promise<MessageHandle> => {
    if (this.isMute || this.gone.has(channelId)) {
      this.refusals += 1;
      throw new Error("Missing Access");
    }
    const id = String(this.messages.length + 1);
    const message = { channelId, id, panels: [panel], isDeleted: false, below: 0, isLost: false };
    this.messages.push(message);
    return handleOf(message);
  };

  get memory(): BoardMemory {
    return {
      recall: (guildId) => this.places.get(guildId),
      note: (guildId, place) => {
        if (place) this.places.set(guildId, place);
        else this.places.delete(guildId);
      },
    };
  }

  boards(log: Logger): SongBoards {
    const remove = async (place: MessagePlace): Promise<void> => void this.removed.push(place);
    return new SongBoards({ post: this.post, remove, memory: this.memory, log });
  }
}

function handleOf(message: SeenMessage): MessageHandle {
  return {
    edit: async (panel) => {
      if (message.isLost || message.isDeleted) throw new Error("Unknown Message");
      message.panels.push(panel);
    },
    delete: async () => {
      if (message.isDeleted) throw new Error("Unknown Message");
      message.isDeleted = true;
    },
    below: () => message.below,
    place: { channelId: message.channelId, messageId: message.id },
  };
}
