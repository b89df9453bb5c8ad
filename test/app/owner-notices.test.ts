import { beforeEach, expect, it } from "vitest";
import { OwnerNotices, recoveryNotice, unstoredNotice } from "../../src/app/owner-notices.ts";
import type { Panel } from "../../src/command/panel.ts";
import { AppError } from "../../src/core/errors.ts";
import { type Notice, notice } from "../../src/core/notices.ts";
import { Settings } from "../../src/db/settings.ts";
import { LANGUAGES } from "../../src/texts/texts.ts";
import { freshDatabase } from "../db/database.ts";
import { FakeClock } from "../fakes/clock.ts";
import { RecordingLogger } from "../fakes/logger.ts";

const HOUR_MS = 60 * 60 * 1000;
const FULL = notice("cache-nearly-full", { percent: 95 });
const DISK = notice("disk-nearly-full", { how: "nearly too full", free: "1 GiB", floor: "1 GiB" });
const logged = ({ kind, text }: Notice): object => ({ kind, text });

let clock: FakeClock;
let log: RecordingLogger;
let memory: Pick<Settings, "get" | "set">;
let received: { readonly to: string; readonly panel: Panel }[];
let whisper: (to: string, panel: Panel) => Promise<boolean>;

beforeEach(async () => {
  clock = new FakeClock();
  log = new RecordingLogger();
  memory = new Settings(await freshDatabase());
  received = [];
  whisper = async (to, panel) => received.push({ to, panel }) > 0;
});

/** As after a start of the bot. */
function begin(isOn = true, language: keyof typeof LANGUAGES = "en"): OwnerNotices {
  const discord = {
    ownerIds: ["1", "2"],
    whisper: (to: string, panel: Panel): Promise<boolean> => whisper(to, panel),
  };
  const notices = new OwnerNotices({ isOn, discord, memory, texts: LANGUAGES[language], clock, log });
  notices.open();
  return notices;
}

async function tell(notices: OwnerNotices, news: Notice): Promise<void> {
  await notices.tell(news);
  await notices.close();
}

const texts = (): string[] => received.map(({ to, panel }) => `${to}: ${panel.lines.join(" ")}`);

it("tells the log and each owner, once a day for each kind", async () => {
  const notices = begin();
  await tell(notices, FULL);
  await tell(notices, FULL);
  await tell(notices, DISK);
  expect(texts()).toEqual([`1: ${FULL.text}`, `2: ${FULL.text}`, `1: ${DISK.text}`, `2: ${DISK.text}`]);
  expect(log.named("owners.notice")).toEqual([logged(FULL), logged(DISK)]);
  expect(received[0]?.panel).toMatchObject({
    tone: "warning",
    footer: expect.stringContaining("OWNER_NOTICES"),
  });

  clock.advance(24 * HOUR_MS - 1);
  await tell(notices, FULL);
  expect(received).toHaveLength(4);
  clock.advance(1);
  await tell(notices, FULL);
  expect(received).toHaveLength(6);
  expect(log.named("owners.notice")).toHaveLength(3);
});

it("tells owners in the bot's language, and the log in English", async () => {
  const lost = { found: "missing", reason: undefined, setAside: undefined, restoredFrom: undefined } as const;
  await tell(begin(true, "de"), recoveryNotice(lost));
  expect(texts()[0]).toContain("Die Datenbank war weg und wurde aus den Songs im Cache neu aufgebaut.");
  expect(received[0]?.panel.footer).toContain("höchstens einmal am Tag");
  expect(log.named("owners.notice")).toMatchObject([{ text: expect.stringContaining("was missing") }]);
});

it("remembers beyond a restart what it told", async () => {
  await tell(begin(), FULL);
  clock.advance(23 * HOUR_MS);
  await tell(begin(), FULL);
  expect(received).toHaveLength(2);
  clock.advance(HOUR_MS);
  await tell(begin(), FULL);
  expect(received).toHaveLength(4);
});

it("leaves an owner alone for a day who takes no messages, and says so in the log", async () => {
  let tries = 0;
  whisper = async (to) => {
    tries += 1;
    return to === "2";
  };
  const notices = begin();
  await tell(notices, FULL);
  await tell(notices, FULL);
  await tell(begin(), FULL);
  expect(tries).toBe(2);
  expect(log.named("owners.closed")).toMatchObject([{ kind: FULL.kind, owner: "1" }]);
  expect(log.named("owners.told")).toMatchObject([{ kind: FULL.kind, owner: "2" }]);
});

it("tries again with the next notice when Discord did not answer", async () => {
  const notices = begin();
  const working = whisper;
  whisper = () => Promise.reject(new RangeError("offline"));
  await tell(notices, FULL);
  expect(log.named("owners.not_told")).toHaveLength(2);
  whisper = working;
  await tell(notices, FULL);
  expect(received).toHaveLength(2);
  expect(log.named("owners.notice")).toHaveLength(1);
});

it("tells nobody twice although the database cannot be written", async () => {
  memory = {
    get: async () => undefined,
    set: () => Promise.reject(new RangeError("database or disk is full")),
  };
  const notices = begin();
  await tell(notices, FULL);
  await tell(notices, FULL);
  expect(received).toHaveLength(2);
  expect(log.named("owners.notice")).toHaveLength(1);
});

it("sends nothing when the operator wants no messages; the log is told", async () => {
  await tell(begin(false), FULL);
  expect(received).toEqual([]);
  expect(log.named("owners.notice")).toEqual([logged(FULL)]);
});

it("keeps what comes before the bot has logged in", async () => {
  const discord = { ownerIds: [] as string[], whisper };
  const notices = new OwnerNotices({ isOn: true, discord, memory, texts: LANGUAGES.en, clock, log });
  await tell(notices, FULL);
  expect(received).toEqual([]);
  expect(log.named("owners.notice")).toEqual([logged(FULL)]);
  discord.ownerIds.push("1");
  notices.open();
  await notices.close();
  expect(texts()).toEqual([`1: ${FULL.text}`]);
});

it("tells apart a full disk from a folder that cannot be written, and a restored database from a new one", () => {
  expect(unstoredNotice(new AppError("DISK_FULL")).kind).toBe("song-unstored");
  expect(unstoredNotice(new AppError("CACHE_UNWRITABLE")).kind).toBe("cache-unwritable");
  const lost = { found: "damaged", reason: "torn", setAside: "x" } as const;
  expect(recoveryNotice({ ...lost, restoredFrom: "backup" }).text).toContain(
    "damaged and has been brought back",
  );
  expect(recoveryNotice({ ...lost, restoredFrom: undefined }).text).toContain("begun anew");
});
