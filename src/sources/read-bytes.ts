/** Reads a body whole, up to a limit. */
import { AppError } from "../core/errors.ts";

/** @throws {AppError} `SOURCE_UNREACHABLE` when it breaks off or is larger */
export async function readBytes(body: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of body) {
      bytes += part.length;
      if (bytes > limitBytes) throw new Error(`more than ${limitBytes} bytes`);
      parts.push(part);
    }
  } catch (cause) {
    throw new AppError("SOURCE_UNREACHABLE", { reason: "the answer broke off" }, { cause });
  }
  return Buffer.concat(parts);
}
