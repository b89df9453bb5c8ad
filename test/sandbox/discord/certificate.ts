// A certificate authority and one server certificate for 127.0.0.1, made fresh for each run: no key is ever stored.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { bitString, der, integer, octetString, oid, sequence, TRUE, utcTime, utf8 } from "./der.ts";

/** What a TLS server needs, and what its clients must trust; all PEM. */
export interface LocalCertificate {
  readonly authorityPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));

interface Party {
  readonly name: string;
  readonly publicKey: KeyObject;
}

/** Certificates per RFC 5280, ECDSA P-256, valid for 127.0.0.1 and these names from yesterday for 30 days. */
export function makeCertificate(
  nowMs: number,
  dnsNames: readonly string[] = ["localhost"],
): LocalCertificate {
  const authorityKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const serverKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const authority = { name: "Local test authority", publicKey: authorityKeys.publicKey };
  const server = { name: "localhost", publicKey: serverKeys.publicKey };
  const issue = (subject: Party, extensions: readonly Buffer[]): string =>
    pem(signed(toBeSigned(subject, authority, extensions, nowMs), authorityKeys.privateKey));
  return {
    authorityPem: issue(authority, [
      extension("2.5.29.19", sequence(TRUE), true), // basicConstraints: is an authority
      extension("2.5.29.15", bitString(Buffer.from([0x06]), 1), true), // keyUsage: keyCertSign, cRLSign
      extension("2.5.29.14", octetString(keyId(authority.publicKey))),
    ]),
    certificatePem: issue(server, [
      extension("2.5.29.19", sequence(), true),
      extension("2.5.29.15", bitString(Buffer.from([0x80]), 7), true), // keyUsage: digitalSignature
      extension("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.1"))), // extKeyUsage: serverAuth
      extension(
        "2.5.29.17", // subjectAltName
        sequence(
          ...dnsNames.map((name) => der(0x82, Buffer.from(name, "ascii"))),
          der(0x87, Buffer.from([127, 0, 0, 1])),
        ),
      ),
      extension("2.5.29.35", sequence(der(0x80, keyId(authority.publicKey)))),
    ]),
    keyPem: serverKeys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function toBeSigned(subject: Party, issuer: Party, extensions: readonly Buffer[], nowMs: number): Buffer {
  const serial = keyId(subject.publicKey).subarray(0, 8);
  return sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([0x01]), serial])),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    sequence(utcTime(nowMs - DAY_MS), utcTime(nowMs + 30 * DAY_MS)),
    distinguishedName(subject.name),
    subject.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
}

function signed(body: Buffer, key: KeyObject): Buffer {
  return sequence(body, ECDSA_WITH_SHA256, bitString(sign("sha256", body, key)));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid("2.5.4.3"), utf8(commonName))));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), octetString(value));
}

function keyId(key: KeyObject): Buffer {
  return createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();
}

function pem(encoded: Buffer): string {
  const lines = encoded.toString("base64").match(/.{1,64}/gu) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
