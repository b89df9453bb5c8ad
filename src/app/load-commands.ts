import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "../command/define.ts";

const FOLDER = path.join(import.meta.dirname, "../../commands");

/** Every command of the folder `commands/`, by name. A file that is not a command is named in the error. */
export async function loadCommands(folder: string = FOLDER): Promise<readonly Command[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts")).toSorted();
  return Promise.all(files.map((file) => loadCommand(path.join(folder, file))));
}

async function loadCommand(file: string): Promise<Command> {
  const loaded = (await import(pathToFileURL(file).href)) as { readonly command?: Command };
  const expected = path.basename(file, ".ts");
  if (loaded.command?.name === expected) return loaded.command;
  throw new Error(`${file} must export a \`command\` named "${expected}"`);
}
