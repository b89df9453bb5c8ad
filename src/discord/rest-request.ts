import { DefaultRestOptions, type RESTOptions } from "discord.js";

/**
 * Files are handed over as bytes. discord.js brings a version of its HTTP library of its own, which sends through the
 * process's one dispatcher, which is ours; and that takes no form of another version.
 */
export const restRequest: RESTOptions["makeRequest"] = async (url, init) => {
  if (!(init.body instanceof FormData)) return await DefaultRestOptions.makeRequest(url, init);
  const form = new Response(init.body);
  const headers = new Headers(init.headers as Record<string, string>);
  headers.set("content-type", form.headers.get("content-type") ?? "");
  const body = Buffer.from(await form.arrayBuffer());
  return await DefaultRestOptions.makeRequest(url, { ...init, headers: Object.fromEntries(headers), body });
};
