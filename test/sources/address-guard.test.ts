import { expect, test } from "vitest";
import { createAddressGuard, isPublicAddress } from "../../src/sources/address-guard.ts";
import type { LookUp } from "../../src/sources/address-guard.ts";

const PUBLIC = "93.184.216.34";

/** A name server that knows these names alone. */
function names(table: Readonly<Record<string, readonly string[]>>): LookUp {
  return async (host) => {
    const found = table[host];
    if (!found) throw Object.assign(new Error("unknown"), { code: "ENOTFOUND" });
    return found;
  };
}

const lookUp = names({
  "files.example": [PUBLIC],
  "both.example": [PUBLIC, "10.0.0.1"],
  "six.example": ["2606:4700::1111"],
  "evil.example": ["169.254.169.254"],
  "empty.example": [],
  localhost: ["127.0.0.1", "::1"],
  "media.lan": ["192.168.1.20"],
});

test.each([PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  "0.0.0.0",
  "0.1.2.3",
  "10.1.2.3",
  "100.64.0.1",
  "100.100.100.200",
  "127.0.0.1",
  "127.255.255.254",
  "168.63.129.16",
  "::ffff:168.63.129.16",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.2.1",
  "192.168.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:0:127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::7f00:1",
  "100::1",
  "2001:0:1::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "5f00::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "not an address",
  "",
])("%j is not public", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  ["http://files.example/a.mp3", [PUBLIC]],
  ["https://six.example/a.mp3", ["2606:4700::1111"]],
  ["http://8.8.8.8/a.mp3", ["8.8.8.8"]],
  ["http://[2606:4700::1111]/a.mp3", ["2606:4700::1111"]],
])("%s may be fetched from what its host resolves to", async (link, addresses) => {
  await expect(createAddressGuard([], lookUp).check(new URL(link))).resolves.toEqual(addresses);
});

test.each([
  "http://127.0.0.1/",
  "http://127.1/",
  "http://0x7f.1/",
  "http://0177.0.0.1/",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://127.0.0.1./",
  "http://%31%32%37.0.0.1/",
  "http://\u2460\u2461\u2466.0.0.1/",
  "http://127\u30020\u30020\u30021/",
  "http://0/",
  "http://[::1]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[0:0:0:0:0:0:0:1]/",
  "http://[64:ff9b::a9fe:a9fe]/",
  "http://169.254.169.254/latest/meta-data/",
  "http://localhost/",
  "http://both.example/",
  "http://evil.example/",
  "http://media.lan/",
])("%s is forbidden", async (link) => {
  await expect(createAddressGuard([], lookUp).check(new URL(link))).rejects.toMatchObject({
    code: "ADDRESS_FORBIDDEN",
  });
});

test.each([
  ["file:///etc/passwd", "UNSUPPORTED_LINK"],
  ["ftp://files.example/", "UNSUPPORTED_LINK"],
  ["http://user@files.example/", "UNSUPPORTED_LINK"],
  ["http://:pass@files.example/", "UNSUPPORTED_LINK"],
  ["http://unknown.example/", "SOURCE_UNREACHABLE"],
  ["http://empty.example/", "SOURCE_UNREACHABLE"],
])("%s is refused with %s", async (link, code) => {
  await expect(createAddressGuard([], lookUp).check(new URL(link))).rejects.toMatchObject({ code });
});

test.each([
  [["media.lan"], "http://media.lan:8096/a.mp3"],
  [["media.lan:8096"], "http://media.lan:8096/a.mp3"],
  [["media.lan:80"], "http://media.lan/a.mp3"],
  [["media.lan:443"], "https://media.lan/a.mp3"],
  [["127.0.0.1:9000"], "http://127.1:9000/a.mp3"],
  [["127.1"], "http://127.0.0.1/a.mp3"],
  [["::1"], "http://[::1]:80/a.mp3"],
  [["[::1]:8096"], "http://[0::1]:8096/a.mp3"],
])("the open hosts %j let %s through", async (open, link) => {
  await expect(createAddressGuard(open, lookUp).check(new URL(link))).resolves.not.toEqual([]);
});

test.each([
  [["media.lan:8096"], "http://media.lan/a.mp3"],
  [["media.lan"], "http://localhost/a.mp3"],
  [["127.0.0.1:9000"], "http://127.0.0.1:9001/a.mp3"],
  [["lan"], "http://media.lan/a.mp3"],
])("the open hosts %j do not let %s through", async (open, link) => {
  await expect(createAddressGuard(open, lookUp).check(new URL(link))).rejects.toMatchObject({
    code: "ADDRESS_FORBIDDEN",
  });
});
