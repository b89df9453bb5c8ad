// Reads request bodies: JSON, or multipart with a JSON part and files.
import type { IncomingMessage } from "node:http";
import { invalidForm } from "./errors.ts";

/** A file of a multipart body. */
export interface UploadedFile {
  /** `files[0]` */
  readonly field: string;
  readonly filename: string;
  readonly contentType: string;
  readonly data: Buffer;
}

export interface RestBody {
  /** `undefined` = no body. */
  readonly json: unknown;
  readonly files: readonly UploadedFile[];
  readonly isMultipart: boolean;
}

const MAX_BODY_BYTES = 32 * 2 ** 20;

/** @throws {DiscordRefusal} 50035 when it cannot be parsed */
export async function readBody(request: IncomingMessage): Promise<RestBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw invalidForm("body: too large");
    chunks.push(chunk);
  }
  const raw = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) return await readMultipart(raw, type);
  return {
    json: raw.length === 0 ? undefined : parseJson(raw.toString("utf8")),
    files: [],
    isMultipart: false,
  };
}

async function readMultipart(raw: Buffer, type: string): Promise<RestBody> {
  const form = await new Response(new Uint8Array(raw), { headers: { "content-type": type } }).formData();
  const files: UploadedFile[] = [];
  let json: unknown = {};
  for (const [field, value] of form) {
    if (typeof value === "string") {
      if (field === "payload_json") json = parseJson(value);
      continue;
    }
    const data = Buffer.from(await value.arrayBuffer());
    files.push({ field, filename: value.name, contentType: value.type || "application/octet-stream", data });
  }
  return { json, files, isMultipart: true };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidForm("body: not JSON");
  }
}
