/** The name server of this machine. */
import { lookup } from "node:dns/promises";
import type { LookUp } from "./address-guard.ts";

export const lookUpHost: LookUp = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);
