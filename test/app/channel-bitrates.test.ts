import { beforeEach, describe, expect, it } from "vitest";
import { ChannelBitrates } from "../../src/app/channel-bitrates.ts";
import { AppError } from "../../src/core/errors.ts";
import type { GuildSession } from "../../src/player/guild-session.ts";
import { RecordingLogger } from "../fakes/logger.ts";
import { ATTIC, LOUNGE } from "../player/set-up.ts";

const KBPS: Record<string, number> = {};
const log = new RecordingLogger();
let renewals: number;
let failure: AppError | undefined;
let channel: GuildSession["channel"];
let bitrates: ChannelBitrates;

beforeEach(() => {
  Object.assign(KBPS, { lounge: 64, attic: 24 });
  renewals = 0;
  failure = undefined;
  channel = LOUNGE;
  const session = {
    get channel() {
      return channel;
    },
    stopped: new AbortController().signal,
    renew: async () => {
      renewals += 1;
      if (failure) throw failure;
    },
  };
  bitrates = new ChannelBitrates({
    sessionOf: () => session as unknown as GuildSession,
    kbpsOf: ({ channelId }) => KBPS[channelId],
    log,
  });
});

describe("songs have", () => {
  it("as many bits as they are stored with, unless the channel has fewer than usual", () => {
    expect(bitrates.limitKbps("guild")).toBeUndefined();
    channel = ATTIC;
    expect(bitrates.limitKbps("guild")).toBe(24);
    channel = undefined;
    expect(bitrates.limitKbps("guild")).toBeUndefined();
  });
});

describe("a song that plays", () => {
  it("goes on otherwise where the bot is moved to, and when the slider is moved", () => {
    bitrates.limitKbps("guild");
    channel = ATTIC;
    bitrates.onPlaced("guild");
    expect(renewals).toBe(1);
    KBPS["attic"] = 32;
    bitrates.onPlaced("guild");
    expect(renewals).toBe(2);
  });

  it("is left alone when it is the same for it, or when none was opened yet", () => {
    channel = ATTIC;
    bitrates.onPlaced("guild");
    channel = LOUNGE;
    bitrates.limitKbps("guild");
    KBPS["lounge"] = 96;
    bitrates.onPlaced("guild");
    expect(renewals).toBe(0);
  });

  it("plays on as it is when it cannot be made otherwise, which is logged", async () => {
    bitrates.limitKbps("guild");
    channel = ATTIC;
    failure = new AppError("TRANSCODE_FAILED");
    bitrates.onPlaced("guild");
    await new Promise(setImmediate);
    expect(log.named("voice.bitrate_not_followed")).toHaveLength(1);
  });
});
