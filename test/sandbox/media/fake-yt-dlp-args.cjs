"use strict";
// The command line of the yt-dlp stand-in: what it knows, and what Encore must and must never ask for.
const { Failure } = require("./fake-yt-dlp-http.cjs");

const WITH_VALUE = new Set(
  `--color --socket-timeout --ies --cookies --proxy --source-address -f -S -R --fragment-retries --extractor-retries
   --retry-sleep -N --max-filesize --break-match-filters --progress-template --print -P -o -I --js-runtimes
   --fixup --compat-options`.split(/\s+/),
);
const FLAGS = new Set(
  `--ignore-config --no-plugin-dirs --no-update --no-cache-dir --no-exec --no-mtime --abort-on-error --no-js-runtimes
   --no-playlist -q --progress --newline --no-simulate -J --flat-playlist --lazy-playlist
   --abort-on-unavailable-fragments`.split(/\s+/),
);
const ALWAYS = [
  "--ignore-config",
  "--no-plugin-dirs",
  "--no-update",
  "--no-cache-dir",
  "--no-exec",
  "--abort-on-error",
];
const FOR_DOWNLOADS = ["-P", "-o", "-f", "--max-filesize", "--break-match-filters", "--fixup"];
const EXTRACTORS = new Set(
  "youtube youtube:tab youtube:playlist youtube:search soundcloud bandcamp bandcamp:album".split(" "),
);
const ADDRESS =
  /^(https:\/\/www\.youtube\.com\/(watch\?v=|playlist\?list=)[\w-]+$|ytsearch\d+:|https:\/\/soundcloud\.com\/[\w-]+(\/[\w-]+){1,2}$|https:\/\/[a-z0-9-]+\.bandcamp\.com\/(track|album)\/[\w-]+$)/;
const SECRET_NAME = /TOKEN|SECRET|DISCORD|NODE_OPTIONS|COOKIE/i;

/** @returns {{ flags: Set<string>, values: Record<string, string>, prints: string[], url: string }} */
function parseArgs(args) {
  const end = args.indexOf("--");
  if (end === -1) throw wrongUse("the address must come after --");
  const options = { flags: new Set(), values: {}, prints: [], url: args[end + 1] };
  if (args.length !== end + 2) throw wrongUse("exactly one address is expected");
  for (let at = 0; at < end; at++) {
    const name = args[at];
    if (FLAGS.has(name)) options.flags.add(name);
    else if (!WITH_VALUE.has(name)) throw wrongUse(`no such option: ${name}`);
    else {
      at += 1;
      if (at >= end) throw wrongUse(`${name} option requires 1 argument`);
      if (name === "--print") options.prints.push(args[at]);
      else options.values[name] = args[at];
    }
  }
  return options;
}

/** The rules of the house, as exit code 2. */
function checkCall({ flags, values, url }, env) {
  const missing = ALWAYS.find((name) => !flags.has(name));
  if (missing) throw wrongUse(`${missing} is missing`);
  const stranger = (values["--ies"] || "everything").split(",").find((name) => !EXTRACTORS.has(name));
  if (stranger) throw wrongUse(`extractor ${stranger} is not on the list`);
  if (flags.has("--no-js-runtimes") && values["--js-runtimes"]) throw wrongUse("two tiers at once");
  if (!ADDRESS.test(url)) {
    throw new Failure(`ERROR: [generic] '${url}' is not a valid URL`);
  }
  if (flags.has("--no-simulate")) checkDownload({ flags, values });
  const secret = Object.keys(env).find((name) => SECRET_NAME.test(name));
  if (secret) throw wrongUse(`the environment has ${secret}`);
}

function checkDownload({ flags, values }) {
  const missing = FOR_DOWNLOADS.find((name) => !values[name]);
  if (missing) throw wrongUse(`${missing} is missing`);
  if (!flags.has("--abort-on-unavailable-fragments")) throw wrongUse("a list of fragments could lose some");
  if (values["-o"] !== "%(id)s.%(format_id)s.%(ext)s")
    throw wrongUse(`output ${values["-o"]} is not allowed`);
}

function wrongUse(text) {
  return new Failure(`yt-dlp: error: ${text}`, 2);
}

module.exports = { parseArgs, checkCall };
