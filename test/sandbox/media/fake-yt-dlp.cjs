"use strict";
// A stand-in for yt-dlp: speaks the part of its command line and output that Encore uses, and downloads from the local
// media source. It refuses (exit 2) what yt-dlp refuses and what Encore must never ask for. Runs on Node 18 and newer.
const fs = require("node:fs");
const { parseArgs, checkCall } = require("./fake-yt-dlp-args.cjs");
const { downloadTo } = require("./fake-yt-dlp-download.cjs");
const { refusalFor } = require("./fake-yt-dlp-texts.cjs");
const { getJson, Failure } = require("./fake-yt-dlp-http.cjs");

const IMITATED_VERSION = "2026.08.19";
const PAGE_ENTRIES = 100;

/** Starts with the settings the media source wrote beside the program. */
function main(settingsFile) {
  const settings = JSON.parse(fs.readFileSync(settingsFile, "utf8"));
  const args = process.argv.slice(2);
  fs.appendFileSync(settings.callLog, `${JSON.stringify({ pid: process.pid, args, env: process.env })}\n`);
  if (settings.ignoresSigterm) process.on("SIGTERM", () => undefined);
  if (settings.garbage) process.stdout.write(settings.garbage);
  run(args, settings).then(
    (code) => leave(code),
    (error) => {
      process.stderr.write(`${error instanceof Failure ? error.message : `ERROR: ${error.stack}`}\n`);
      leave(error instanceof Failure ? error.exitCode : 1);
    },
  );
}

/** Everything written is handed over before the process ends. */
function leave(code) {
  process.exitCode = code;
  process.stdout.end(() => process.stderr.end(() => process.exit(code)));
}

async function run(args, settings) {
  if (settings.exit) {
    process.stdout.write(settings.exit.stdout || "");
    process.stderr.write(settings.exit.stderr);
    return settings.exit.code;
  }
  if (settings.hangs === "start") await hang();
  if (args.length === 1 && args[0] === "--version") {
    process.stdout.write(`${settings.version || IMITATED_VERSION}\n`);
    return 0;
  }
  const options = parseArgs(args);
  checkCall(options, process.env);
  const { url } = options;
  if (url.startsWith("ytsearch")) return search(options, settings);
  if (url.includes("/playlist?list=") || url.includes("/album/")) return playlist(options, settings);
  return video(options, settings);
}

function hang() {
  return new Promise(() => setInterval(() => undefined, 60_000));
}

async function search(options, settings) {
  const [, limit, text] = /^ytsearch(\d+):(.*)$/s.exec(options.url);
  const entries = await getJson(`${settings.address}/search?limit=${limit}&q=${encodeURIComponent(text)}`);
  process.stdout.write(`${JSON.stringify({ _type: "playlist", id: text, entries })}\n`);
  return 0;
}

async function playlist(options, settings) {
  const id = new URL(options.url).searchParams.get("list") || encodeURIComponent(options.url);
  const [from, to] = (options.values["-I"] || "1:").split(":").map((part) => Number(part || Infinity));
  for (let at = from; at <= to; at += PAGE_ENTRIES) {
    const page = await getJson(`${settings.address}/list/${id}?from=${at}`);
    if (!page) {
      throw new Failure(`ERROR: [youtube:tab] ${id}: YouTube said: The playlist does not exist.`);
    }
    for (const entry of page.entries.slice(0, to - at + 1)) say(options, "video", entry);
    if (settings.hangs === "list") await hang();
    if (page.entries.length < PAGE_ENTRIES) break;
  }
  return 0;
}

async function video(options, settings) {
  const id = new URL(options.url).searchParams.get("v") || encodeURIComponent(options.url);
  const tier = options.flags.has("--no-js-runtimes") ? 1 : 2;
  const page = await getJson(`${settings.address}/page/${id}`).catch((error) => {
    throw new Failure(
      `ERROR: [youtube] ${id}: Unable to download API page: ${error.message} (caused by TransportError('${error.message}'))`,
    );
  });
  const refusal = refusalFor(page ? page.state : "removed", id, tier);
  if (refusal) throw new Failure(refusal);
  const info = { ...page.info, id: settings.answersId || page.info.id };
  if (options.flags.has("-J")) {
    process.stdout.write(`${JSON.stringify({ ...info, ...page.format })}\n`);
    return 0;
  }
  return download(options, settings, { info, format: page.format });
}

async function download(options, settings, { info, format }) {
  say(options, "pre_process", info);
  if (!passesFilter(options.values["--break-match-filters"], info)) return 101;
  say(options, "before_dl", format);
  if (settings.hangs === "download") await hang();
  const onProgress = (progress) => sayProgress(options, progress);
  const file = await downloadTo({ options, info, format, onProgress });
  if (file === undefined) return 0;
  say(options, "after_move", { filepath: settings.claimsFile || file });
  return 0;
}

/** Understands exactly the one filter that Encore writes. */
function passesFilter(filter, info) {
  const found = /^!is_live & duration<=\?(\d+)$/.exec(filter);
  if (!found) throw new Failure(`yt-dlp: error: Invalid filter part '${filter}'`, 2);
  return !info.is_live && (info.duration === null || info.duration <= Number(found[1]));
}

/** Prints the templates given for this moment, one JSON line each. */
function say(options, when, facts) {
  for (const template of options.prints) {
    const found = /^(?:(pre_process|before_dl|after_move|video):)?(.*)$/s.exec(template);
    if ((found[1] || "video") === when) process.stdout.write(`${fill(found[2], facts)}\n`);
  }
}

function sayProgress(options, progress) {
  const template = options.values["--progress-template"].replace(/^download:/, "");
  process.stdout.write(`${fill(template, { progress })}\n`);
}

/** `%(.{a,b})j`, `%(x.{a,b})j` and `%(x)j` of yt-dlp's output templates. */
function fill(template, facts) {
  return template.replace(/%\((\w*)(?:\.\{([^}]*)\})?\)j/g, (_whole, name, keys) => {
    const value = name ? facts[name] : facts;
    if (keys === undefined) return JSON.stringify(value === undefined ? null : value);
    const picked = keys.split(",").filter((key) => value[key] !== undefined);
    return JSON.stringify(Object.fromEntries(picked.map((key) => [key, value[key]])));
  });
}

module.exports = { main };
