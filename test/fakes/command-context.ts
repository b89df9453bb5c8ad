/** Requests as a surface would hand them over; what is answered is kept. */
import { Announcer } from "../../src/command/announcer.ts";
import type { CacheTools } from "../../src/command/cache-tools.ts";
import type { CommandContext, Services } from "../../src/command/context.ts";
import type { Form, Panel } from "../../src/command/panel.ts";
import { PlanDesk } from "../../src/command/plan-desk.ts";
import { Warming } from "../../src/command/warming.ts";
import type { CacheEntry } from "../../src/core/audio-profile.ts";
import type { Track } from "../../src/core/track.ts";
import type { Maintenance } from "../../src/maintenance/maintenance.ts";
import { Sessions } from "../../src/player/sessions.ts";
import { LANGUAGES, type Texts } from "../../src/texts/texts.ts";
import { LOUNGE, SessionUnderTest, song } from "../player/set-up.ts";

export interface Answer {
  readonly how: "reply" | "update" | "edit";
  readonly panel: Panel;
  readonly private?: boolean | undefined;
}

function notGiven(): never {
  throw new Error("this test gave none");
}

/** Where requests are made and answers arrive. */
export class Desk {
  readonly bench = new SessionUnderTest(60_000);
  readonly answers: Answer[] = [];
  readonly forms: Form[] = [];
  readonly cachedIds = new Set<string>();
  volumePercent = 100;
  readonly services: Services;
  readonly #texts: Texts;
  #items = 0;

  /** @param texts in the language of everything that is answered */
  constructor(more: Partial<Services> = {}, texts: Texts = LANGUAGES.en) {
    this.#texts = texts;
    const { clock, log } = this.bench;
    const listener = new Announcer({
      post: async () => ({ edit: async () => undefined }),
      textsFor: () => texts,
      clock,
      log,
    });
    this.services = {
      commands: [],
      prefix: "?",
      sessions: new Sessions({ ...this.bench.sharedDeps(), listener }),
      announcer: listener,
      resolve: notGiven,
      ownSongs: notGiven,
      cached: async ({ id }) =>
        this.cachedIds.has(id) ? ({ playCount: 1, bytes: 1 } as CacheEntry) : undefined,
      profiles: { profileOf: notGiven, setProfile: notGiven, effectOf: notGiven, setEffect: notGiven },
      volumes: {
        volumeOf: async () => this.volumePercent,
        setVolume: async (_guildId, percent) => void (this.volumePercent = percent),
      },
      languages: { textsFor: () => texts, choiceOf: () => undefined, choose: notGiven },
      statistics: notGiven,
      maintenance: undefined as unknown as Maintenance,
      cacheTools: undefined as unknown as CacheTools,
      keepRules: { rulesOf: async () => [], setRule: notGiven },
      warming: new Warming({ clock, log }),
      plans: new PlanDesk(),
      clock,
      ...more,
    };
  }

  /** A request by Ann, who owns the bot and sits in the lounge. */
  context(more: Partial<CommandContext> = {}): CommandContext {
    return {
      surface: "slash",
      actor: { id: "ann", name: "Ann", kind: "person", isOwner: true, isAdministrator: false },
      place: { guildId: "guild", isOnlyGuild: false, isCacheAdminGuild: false },
      guildId: "guild",
      textChannelId: "text",
      voiceChannel: LOUNGE,
      services: this.services,
      texts: this.#texts,
      publicTexts: this.#texts,
      privateTexts: this.#texts,
      session: this.services.sessions.of("guild"),
      signal: new AbortController().signal,
      newItem: (track: Track, startMs: number) => ({
        ...song(0),
        id: `item ${(this.#items += 1)}`,
        track,
        startMs,
      }),
      reply: async (panel, options) => {
        this.answers.push({ how: "reply", panel, private: options?.private });
        return { edit: async (next) => void this.answers.push({ how: "edit", panel: next }) };
      },
      update: async (panel) => void this.answers.push({ how: "update", panel }),
      openForm: async (form) => void this.forms.push(form),
      ...more,
    };
  }

  get last(): Panel {
    const answer = this.answers.at(-1);
    if (!answer) throw new Error("nothing was answered");
    return answer.panel;
  }

  /** All that the last answer says, as one text. */
  get text(): string {
    const { title = "", lines, footer = "" } = this.last;
    return [title, ...lines, footer].join("\n");
  }
}
