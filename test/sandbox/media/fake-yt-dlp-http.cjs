"use strict";
// http for the yt-dlp stand-in, and the error that ends it.
const http = require("node:http");

/** Text for stderr and the exit code. */
class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The answer as it starts; its body is still to be read. */
function get(url, headers = {}, timeoutMs = 20_000) {
  return new Promise((resolve, reject) => {
    let waiting;
    const request = http.get(url, { headers, agent: false, timeout: timeoutMs }, (response) => {
      waiting = response;
      resolve(response);
    });
    request.on("timeout", () => (waiting || request).destroy(new Error("timed out")));
    request.on("error", reject);
  });
}

/** `undefined` = 404. */
async function getJson(url) {
  const response = await get(url);
  let text = "";
  response.setEncoding("utf8");
  for await (const part of response) text += part;
  return response.statusCode === 404 ? undefined : JSON.parse(text);
}

module.exports = { Failure, get, getJson };
