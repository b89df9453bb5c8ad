"use strict";
// How yt-dlp downloads one file: into `.part`, continued by Range after a cut, 4xx never tried again, renamed at the end.
const fs = require("node:fs");
const path = require("node:path");
const { Failure, get } = require("./fake-yt-dlp-http.cjs");

/** @returns {Promise<string | undefined>} the finished file; undefined = larger than allowed, which is no error */
async function downloadTo({ options, info, format, onProgress }) {
  const { values } = options;
  const file = path.join(values["-P"], `${info.id}.${format.format_id}.${format.ext}`);
  const part = `${file}.part`;
  const retries = Number(values["-R"] || 10);
  const job = {
    part,
    url: format.url,
    onProgress,
    maxBytes: Number(values["--max-filesize"]),
    timeoutMs: Number(values["--socket-timeout"] || 20) * 1000,
  };
  for (let attempt = 0; ; attempt++) {
    const outcome = await once(job);
    if (outcome.status === "too-large") return undefined;
    if (outcome.status === "complete") break;
    if (attempt >= retries) {
      throw new Failure(`ERROR: [download] Got error: ${outcome.reason}. Giving up after ${retries} retries`);
    }
  }
  fs.renameSync(part, file);
  onProgress({ status: "finished", downloaded_bytes: fs.statSync(file).size, total_bytes: job.totalBytes });
  return file;
}

async function once(job) {
  let have = fs.existsSync(job.part) ? fs.statSync(job.part).size : 0;
  let response;
  try {
    response = await get(job.url, have > 0 ? { range: `bytes=${have}-` } : {}, job.timeoutMs);
  } catch (error) {
    return { status: "broken", reason: error.message };
  }
  if (response.statusCode >= 400) return judgeRefusal(response);
  if (response.statusCode !== 206) have = 0;
  const length = Number(response.headers["content-length"]);
  job.totalBytes = Number.isFinite(length) ? have + length : null;
  if (job.totalBytes !== null && job.totalBytes > job.maxBytes) {
    response.destroy();
    return { status: "too-large" };
  }
  return receive(job, response, have);
}

/** A server's own trouble is worth another try, a refusal is final, and past the end means that all is here. */
function judgeRefusal(response) {
  response.destroy();
  if (response.statusCode === 416) return { status: "complete" };
  const reason = `HTTP Error ${response.statusCode}: ${response.statusMessage}`;
  if (response.statusCode >= 500) return { status: "broken", reason };
  throw new Failure(`ERROR: unable to download video data: ${reason}`);
}

async function receive(job, response, from) {
  const out = fs.openSync(job.part, from > 0 ? "a" : "w");
  let have = from;
  try {
    for await (const chunk of response) {
      fs.writeSync(out, chunk);
      have += chunk.length;
      job.onProgress({ status: "downloading", downloaded_bytes: have, total_bytes: job.totalBytes });
    }
  } catch (error) {
    const cut = job.totalBytes === null || error.message === "timed out";
    const reason = cut ? error.message : `Downloaded ${have} bytes, expected ${job.totalBytes} bytes`;
    return { status: "broken", reason };
  } finally {
    fs.closeSync(out);
  }
  return { status: "complete" };
}

module.exports = { downloadTo };
