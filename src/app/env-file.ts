/** Writes a setting into `.env` and leaves everything else in it alone. */
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/** The text with that setting in the place where it stood, or at its end. */
export function withSetting(text: string, name: string, value: string): string {
  const line = `${name}=${value}`;
  const lines = text.split("\n");
  const at = lines.findIndex((old) => new RegExp(String.raw`^\s*(?:export\s+)?${name}\s*=`, "u").test(old));
  if (at !== -1) return lines.with(at, line).join("\n");
  const head = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return `${head}${line}\n`;
}

/** Readable by its owner alone, from the first byte on. */
export async function writeSetting(root: string, name: string, value: string): Promise<void> {
  const file = path.join(root, ".env");
  const before = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const fresh = `${file}.new`;
  await writeFile(fresh, withSetting(before, name, value), { mode: 0o600 });
  await chmod(fresh, 0o600);
  await rename(fresh, file);
}
