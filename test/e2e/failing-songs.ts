// Songs that cannot be played, each in a guild of its own, and what must be true of every one of them.
import { expect } from "vitest";
import { type ErrorCode, ERRORS } from "../../src/core/errors.ts";
import type { BotProcess } from "../sandbox/bot-process.ts";
import type { MediaFaults, PageState, Song } from "../sandbox/media/catalogue.ts";
import type { Stage } from "../sandbox/stage.ts";
import { furnish, hears, type Room, says, written } from "./actions.ts";

/** How a song fails, and what people are told. */
export interface FailingSong {
  readonly what: string;
  readonly state?: PageState;
  readonly faults?: MediaFaults;
  /** Ask for the file itself instead of the page. */
  readonly direct?: true;
  readonly code: ErrorCode;
}

interface Scene extends Room {
  readonly song: Song;
  readonly link: string;
}

/** Failing songs on one stage, with a running bot. */
export class Failures {
  readonly stage: Stage;
  readonly healthy: Song;
  readonly scenes = new Map<FailingSong, Scene>();
  bot: BotProcess;

  private constructor(stage: Stage, bot: BotProcess, healthy: Song) {
    this.stage = stage;
    this.healthy = healthy;
    this.bot = bot;
  }

  static async prepare(stage: Stage, cases: readonly FailingSong[]): Promise<Failures> {
    const { media } = stage;
    const healthy = await media.addSong({ title: "Healthy", frequencyHz: 660, durationMs: 2000 });
    const failures = new Failures(stage, await stage.startBot(), healthy);
    for (const each of cases) {
      const song = await media.addSong({ title: each.what, durationMs: 3000 });
      media.setState(song.id, each.state ?? "ok");
      media.setFaults(song.id, each.faults ?? {});
      const link = each.direct ? song.directUrl : song.url;
      failures.scenes.set(each, { ...furnish(stage, { name: each.what }), song, link });
    }
    return failures;
  }

  ask(each: FailingSong): void {
    const { ann, link } = this.scene(each);
    ann.says("general", `?play ${link}`);
  }

  /**
   * Makes every source healthy and asks for every song again. Failures are remembered for seconds up to hours; taking
   * the notes away while the bot is stopped is what the end of those pauses would do. Returns how many there were.
   */
  async heal(): Promise<number> {
    const { stage } = this;
    await this.bot.stop();
    const notes = stage.inDatabase((database) => database.prepare("delete from failures").run().changes);
    this.bot = await stage.startBot();
    for (const [each, { guild, song }] of this.scenes) {
      stage.media.setState(song.id, "ok");
      stage.media.setFaults(song.id, {});
      guild.heard.reset();
      this.ask(each);
    }
    return notes;
  }

  scene(each: FailingSong): Scene {
    const scene = this.scenes.get(each);
    if (!scene) throw new Error(`${each.what} was not prepared`);
    return scene;
  }

  /** What is left of a song in the scratch folder and among the finished files. */
  async left(each: FailingSong): Promise<string[]> {
    const name = each.direct ? "direct." : this.scene(each).song.id;
    const files = [...(await this.stage.workFiles()), ...(await this.stage.cachedFiles())];
    return files.filter((file) => file.includes(name));
  }
}

/** One sentence, nothing kept, and the next song plays. */
export async function expectFailure(failures: Failures, each: FailingSong): Promise<void> {
  const { stage, healthy } = failures;
  const { guild, ann } = failures.scene(each);
  const sentence = ERRORS[each.code].message;
  await says(stage, guild, sentence);
  ann.says("general", `?play ${healthy.url}`);
  await hears(stage, guild);
  const [told, ...later] = written(stage, guild);
  expect(told?.text.split(sentence)).toHaveLength(2);
  expect(told?.text).not.toMatch(/ERROR|yt-dlp:|HTTP|ffmpeg|\n\s+at /u);
  expect(later.map(({ text }) => text)).toEqual([expect.stringContaining(healthy.title)]);
  expect(await failures.left(each)).toEqual([]);
  ann.says("general", "?stop");
}

/** Every song plays, from its first packet to its last, once its source is healthy. */
export async function expectHealed(failures: Failures): Promise<void> {
  expect(await failures.heal()).toBeGreaterThan(0);
  await failures.bot.event("player.finished", { count: failures.scenes.size });
  expect(failures.bot.named("player.failed")).toEqual([]);
  for (const { guild, song } of failures.scenes.values())
    expect(Math.abs(guild.heard.durationMs - song.durationMs)).toBeLessThanOrEqual(60);
  expect(await failures.stage.workFiles()).toEqual([]);
}
