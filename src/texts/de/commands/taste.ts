import type { taste as english } from "../../en/commands/taste.ts";

/** As in `en/commands/taste.ts`. */
export const taste: typeof english = {
  autoplay: {
    about: "Zeigt oder wählt, ob am Ende der Warteschlange ähnliche Songs weiterlaufen",
    choice: "on oder off",
  },
  favourites: { about: "Zeigt die Songs, die du magst", page: "Welche Seite" },
  favouritesAdd: {
    about: "Fügt den laufenden oder einen anderen Song zu deinen Favoriten hinzu",
    song: "Ein Link oder Suchwörter; sonst der laufende Song",
  },
  favouritesPlay: {
    about: "Spielt deine Favoriten oder einen davon",
    number: "Nummer des einen Songs, der gespielt wird",
  },
  favouritesRemove: {
    about: "Nimmt einen Song aus deinen Favoriten",
    number: "Seine Nummer; sonst der laufende Song",
  },
  grab: { about: "Schickt dir den laufenden Song als Direktnachricht" },
  history: {
    about: "Zeigt, was auf diesem Server lief",
    person: "Nur was diese Person gewünscht hat",
    page: "Welche Seite",
  },
  lyrics: {
    about: "Zeigt den Text des laufenden Songs, passend zur Stelle, oder den eines anderen",
    song: "Ein Link oder Suchwörter; sonst der laufende Song",
    whole: "Alles auf einmal, seitenweise",
  },
  playlist: { about: "Zeigt deine Playlists und die dieses Servers" },
  playlistAdd: {
    about: "Fügt den laufenden Song oder andere zu einer Playlist hinzu",
    song: "Link zu einem Song oder einer Playlist, oder Suchwörter; sonst der laufende Song",
  },
  playlistCreate: { about: "Legt eine leere Playlist an" },
  playlistDelete: { about: "Löscht eine Playlist" },
  playlistExport: {
    about: "Gibt eine Playlist als Datei; ohne Namen deine Favoriten",
    format: "json oder m3u für andere Player; sonst json",
  },
  playlistImport: {
    about: "Fügt die Songs einer Datei zu einer Playlist hinzu, ohne Namen zu deinen Favoriten",
    file: "Eine Playlist als JSON oder M3U",
  },
  playlistPlay: { about: "Spielt eine Playlist", shuffle: "In beliebiger Reihenfolge" },
  playlistRemove: { about: "Nimmt einen Song aus einer Playlist", number: "Seine Nummer" },
  playlistSave: { about: "Behält, was läuft und wartet, als Playlist" },
  playlistShare: { about: "Gibt allen auf diesem Server eine Kopie deiner Playlist" },
  playlistShow: { about: "Zeigt die Songs einer Playlist", page: "Welche Seite" },
  playlistTake: { about: "Macht eine Kopie einer Playlist dieses Servers zu deiner eigenen" },
  playlistArgs: { name: "Name der Playlist", server: "Die des Servers, keine eigene" },
  sponsorblock: {
    about: "Zeigt oder wählt, ob Teile von Songs ohne Musik übersprungen werden (SponsorBlock)",
    choice: "on oder off",
  },
};
