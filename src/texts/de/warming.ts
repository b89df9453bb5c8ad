import type { warming as english } from "../en/warming.ts";
import { formatting } from "../formatting.ts";

const { count, plural } = formatting("de");
const songsIn = (value: number): string => plural(value, { one: "Song", other: "Songs" });

/** As in `en/warming.ts`. */
export const warming: typeof english = {
  buttons: { cancel: "Abbrechen" },
  running: "Songs werden auf Vorrat geladen",
  ended: "Songs auf Vorrat geladen",
  reading: "Die Playlist wird gelesen…",
  now: ({ song }) => `Jetzt: ${song}`,
  pace: "ein Song nach dem anderen, im Hintergrund",
  sums: ({ fetched, there }) => `**${songsIn(fetched)}** geladen · ${songsIn(there)} schon da`,
  failed: ({ failed }) =>
    plural(failed, { one: "Song konnte nicht geladen werden", other: "Songs konnten nicht geladen werden" }),
  cancelled: "Abgebrochen.",
  overAlready: "Das ist schon vorbei.",
  listGoesOn: ({ most }) =>
    `Die Liste geht weiter; nur ihre ersten ${count(most)} Songs wurden durchgesehen.`,
  gaveUp: ({ failures, last }) => `Nach ${count(failures)} Fehlern in Folge angehalten. Der letzte: ${last}`,
  unstored: "Angehalten: Songs werden gerade nicht gespeichert.",
  allSeen: "Alle Songs wurden durchgesehen.",
};
