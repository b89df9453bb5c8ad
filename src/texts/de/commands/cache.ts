import type { cache as english } from "../../en/commands/cache.ts";

/** As in `en/commands/cache.ts`. */
export const cache: typeof english = {
  cache: {
    about: "Zeigt, wie voll der Cache ist und wie oft er geholfen hat",
    public: "Allen im Kanal zeigen",
  },
  cacheFind: {
    about: "Sucht Songs, die dieser Bot kennt; ⚡ steht bei denen im Cache",
    words: "Wörter aus Titel oder Interpret, ein Link oder eine ID",
  },
  cachePin: {
    about: "Behält einen Song im Cache, egal was eine Bereinigung sagt",
    song: "Wörter, ein Link oder die ID eines Songs im Cache",
  },
  cacheUnpin: {
    about: "Lässt Bereinigungen einen Song wieder entfernen",
    song: "Wörter, ein Link oder die ID eines Songs im Cache",
  },
  cacheRefresh: {
    about: "Lädt einen Song neu; die alte Datei spielt weiter, bis die neue angenommen ist",
    song: "Wörter, ein Link oder eine ID",
  },
  cacheWarm: {
    about: "Lädt die Songs einer Playlist auf Vorrat, im Hintergrund",
    playlist: "Link zu einer Playlist",
  },
  cacheAlways: { about: "Speichert Songs, die auf diesem Server gewünscht werden, oder nur manche davon" },
  cacheNever: { about: "Spielt Songs, die auf diesem Server gewünscht werden, ohne sie zu speichern" },
  cacheDefault: { about: "Nimmt so eine Regel zurück" },
  keepRule: {
    channel: "Nur Songs dieses Kanals oder Interpreten",
    source: "Nur Songs dieser Quelle: youtube, direct, soundcloud oder bandcamp",
    playlist: "Nur Songs dieser Playlist: ihr Link",
    room: "Nur Songs, die in diesem Text- oder Sprachkanal gewünscht werden, als #kanal",
    longer: "Nur Songs, die länger sind als so viele Minuten",
    shorter: "Nur Songs, die kürzer sind als so viele Minuten",
  },
  cacheCleanup: { about: "Entfernt nach einer Vorschau, was lange nicht lief und was über dem Limit liegt" },
  cacheClear: {
    about: "Löscht den ganzen Cache oder ein Profil davon; fragt vorher nach der Anzahl der Songs",
    confirm: "Anzahl der Songs, die gelöscht würden",
    profile: "Nur die Dateien eines Klangprofils, nach seinem Namen oder Ordner",
  },
};
