/** What Discord gives every new voice channel, in kbit/s: nobody has chosen it. */
const USUAL_KBPS = 64;

/**
 * Most kbit/s that songs are to have in a voice channel; `undefined` = as they are stored. Discord passes packets on
 * whatever their size: a channel's bit rate is what the apps of its members send. Fewer than usual is somebody's wish.
 */
export function limitKbpsOf(channelKbps: number | undefined): number | undefined {
  return channelKbps !== undefined && channelKbps < USUAL_KBPS ? channelKbps : undefined;
}
