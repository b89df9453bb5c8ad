"use strict";
// What yt-dlp prints for each state of a page, as captured from the real program.

const COOKIES =
  "Use --cookies-from-browser or --cookies for the authentication. See  https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to manually pass cookies.";
const REPORT =
  "please report this issue on  https://github.com/yt-dlp/yt-dlp/issues?q= , filling out the appropriate issue template. Confirm you are on the latest version using  yt-dlp -U";

const TEXTS = {
  private: `Private video. Sign in if you've been granted access to this video. ${COOKIES}`,
  removed: "Video unavailable. This video has been removed by the uploader",
  members:
    "Join this channel to get access to members-only content like this video, and other exclusive perks.",
  premium: "This video is only available to Music Premium members",
  age: `Sign in to confirm your age. This video may be inappropriate for some users. ${COOKIES}`,
  geo: "The uploader has not made this video available in your country\nYou might want to use a VPN or a proxy server (with --proxy) to workaround.",
  "bot-check": `Sign in to confirm you’re not a bot. ${COOKIES}`,
  upcoming: "Premieres in 2 hours",
  "live-ended": "This live stream recording is not available.",
  drm: "This video is DRM protected",
  "rate-limited":
    "This content isn't available, try again later. The current session has been rate-limited by YouTube for up to an hour. It is recommended to use `-t sleep` to add a delay between video requests to avoid exceeding the rate limit.",
  broken: `Failed to extract any player response; ${REPORT}`,
  "js-only": `No video formats found!; ${REPORT}`,
};

/** stderr of a page that cannot be played; undefined = it can. `js-only` is refused in the first tier only. */
function refusalFor(state, id, tier) {
  if (state === "js-only" && tier === 2) return undefined;
  if (state === "too-many-requests") {
    const warning = `WARNING: [youtube] ${id}: HTTP Error 429: Too Many Requests. Retrying (1/2)...`;
    return `${warning}\nERROR: [youtube] ${id}: ${TEXTS.broken}`;
  }
  return TEXTS[state] && `ERROR: [youtube] ${id}: ${TEXTS[state]}`;
}

module.exports = { refusalFor };
