/** Keeps links of strangers away from the machines around the bot. */
import ipaddr from "ipaddr.js";
import { AppError } from "../core/errors.ts";

/** All addresses of a host name. Rejects when it has none. */
export type LookUp = (host: string) => Promise<readonly string[]>;

/** Says which addresses a link may be fetched from. */
export interface AddressGuard {
  /**
   * The addresses of the link's host; connect to one of these and to no other, so that a second answer of the name
   * server changes nothing.
   * @throws {AppError} `ADDRESS_FORBIDDEN`, `UNSUPPORTED_LINK`, `SOURCE_UNREACHABLE` when the name is unknown
   */
  check(url: URL): Promise<readonly string[]>;
}

/** Azure answers its virtual machines here, at an address that is public by its number. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set(["168.63.129.16"]);
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * True for addresses of the public internet. Everything else is refused by its registry entry: loopback, private,
 * link-local with the metadata services, carrier-grade NAT, unique local, multicast, and the ranges that wrap an
 * IPv4 address (mapped, 6to4, Teredo, NAT64).
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text) || METADATA_ADDRESSES.has(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== "unicast" || METADATA_ADDRESSES.has(address.toString())) return false;
  return address.kind() === "ipv4" || (address as ipaddr.IPv6).match(GLOBAL_UNICAST_V6);
}

/**
 * @param openHosts lower case `host` or `host:port` that may be reached wherever they are
 */
export function createAddressGuard(openHosts: readonly string[], lookUp: LookUp): AddressGuard {
  const open = new Set(openHosts.map(canonicalHost));
  return {
    async check(url) {
      if (!/^https?:$/u.test(url.protocol) || url.username !== "" || url.password !== "") {
        throw new AppError("UNSUPPORTED_LINK");
      }
      const addresses = await addressesOf(url, lookUp);
      const isOpen = open.has(url.hostname) || open.has(`${url.hostname}:${portOf(url)}`);
      if (!isOpen && !addresses.every(isPublicAddress)) {
        throw new AppError("ADDRESS_FORBIDDEN", { host: url.hostname });
      }
      return addresses;
    },
  };
}

async function addressesOf(url: URL, lookUp: LookUp): Promise<readonly string[]> {
  const literal = url.hostname.replaceAll(/^\[|\]$/gu, "");
  if (ipaddr.isValid(literal)) return [literal];
  const addresses = await lookUp(url.hostname).catch((cause: unknown) => {
    throw new AppError("SOURCE_UNREACHABLE", { host: url.hostname }, { cause });
  });
  if (addresses.length === 0) throw new AppError("SOURCE_UNREACHABLE", { host: url.hostname });
  return addresses;
}

function portOf(url: URL): string {
  return url.port || (url.protocol === "https:" ? "443" : "80");
}

/** A host as `URL` writes it, so that every notation of one address is the same: `::1` and `[::1]`, `127.1`. */
function canonicalHost(text: string): string {
  const bare = ipaddr.IPv6.isValid(text) ? `[${text}]` : text;
  const port = /:(\d+)$/u.exec(bare)?.[1];
  const host = URL.parse(`http://${bare}`)?.hostname ?? bare;
  return port === undefined ? host : `${host}:${port}`;
}
