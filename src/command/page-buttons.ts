import type { Texts } from "../texts/texts.ts";
import { type Button, buttonId } from "./panel.ts";

/**
 * Turns the pages of a command's answer: its press `page` gets the number of the wanted one, the
 * button's name and what the pages are `about`, each after a colon; so they work after a restart too.
 */
export function pageButtons(
  command: string,
  { page, pages, about }: { readonly page: number; readonly pages: number; readonly about?: string },
  { pages: say }: Texts,
): Button[] {
  const button = (label: string, to: number, name: string): Button => ({
    label,
    // Two buttons of one message must not share an id.
    id: buttonId(command, "page", [to, name, ...(about === undefined ? [] : [about])].join(":")),
    style: "secondary",
    disabled: to < 1 || to > pages,
  });
  return [
    button(say.back, page - 1, "back"),
    { ...button(say.page({ page, last: pages }), page, "here"), disabled: true },
    button(say.next, page + 1, "next"),
  ];
}
