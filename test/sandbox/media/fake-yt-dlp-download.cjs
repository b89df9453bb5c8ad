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
  for (let attempt = 0; ;) {
    const outcome = await once(job);
    if (outcome.status === "too-large") return undefined;
    if (outcome.status === "complete") break;
    // A cut is taken for the end of a piece: as long as something came, going on costs no attempt.
    if (outcome.status === "broken" && attempt++ >= retries) {
      throw new Failure(`ERROR: [download] Got error: ${outcome.reason}. Giving up after ${retries} retries`);
    }
  }
  fs.renameSync(part, file);
  onProgress({ status: "finished", downloaded_bytes: job.receivedBytes, total_bytes: job.receivedBytes });
  return file;
}

async function once(job) {
  const have = fs.existsSync(job.part) ? fs.statSync(job.part).size : 0;
  let response;
  try {
    response = await get(job.url, { range: `bytes=${have}-` }, job.timeoutMs);
  } catch (error) {
    return { status: "broken", reason: error.message };
  }
  if (response.statusCode >= 400) return judgeRefusal(response);
  const length = numberIn(/^(\d+)$/, response.headers["content-length"]);
  job.totalBytes = numberIn(/\/(\d+)$/, response.headers["content-range"]) ?? length;
  if (job.totalBytes !== null && job.totalBytes > job.maxBytes) {
    response.destroy();
    return { status: "too-large" };
  }
  return receive(job, response, { from: response.statusCode === 206 ? have : 0, length });
}

/** A server's own trouble is worth another try, a refusal is final. */
function judgeRefusal(response) {
  response.destroy();
  const reason = `HTTP Error ${response.statusCode}: ${response.statusMessage}`;
  if (response.statusCode >= 500) return { status: "broken", reason };
  throw new Failure(`ERROR: unable to download video data: ${reason}`);
}

async function receive(job, response, { from, length }) {
  // Like the real one, which keeps its file open: the whole file of a server that ignores ranges is added to a part.
  const out = fs.openSync(job.part, "a");
  let have = from;
  try {
    for await (const chunk of response) {
      fs.writeSync(out, chunk);
      have += chunk.length;
      job.onProgress({
        status: "downloading",
        downloaded_bytes: have,
        total_bytes: job.totalBytes,
        tmpfilename: job.part,
      });
    }
  } catch (error) {
    if (error.message === "timed out") return { status: "broken", reason: error.message };
  } finally {
    fs.closeSync(out);
  }
  job.receivedBytes = have;
  if (have === 0) throw new Failure("ERROR: Did not get any data blocks");
  // Like the real one again: when nothing more comes it goes on asking, for ever.
  if (have === from) await new Promise((resolve) => setTimeout(resolve, 20));
  if (job.totalBytes !== null && have < job.totalBytes) return { status: "partial" };
  const short = length !== null && have - from < length;
  const reason = `Downloaded ${have} bytes, expected ${from + length} bytes`;
  return short ? { status: "broken", reason } : { status: "complete" };
}

function numberIn(pattern, header) {
  const found = pattern.exec(header || "");
  return found ? Number(found[1]) : null;
}

module.exports = { downloadTo };
