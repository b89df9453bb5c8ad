import type { ErrorCode } from "../../core/errors.ts";
import type { NoticeKind } from "../../core/notices.ts";
import type { PhraseName } from "../../core/sentence.ts";

/** As the table in `core/errors.ts`. */
export const errors: Readonly<Record<ErrorCode, string>> = {
  VIDEO_REMOVED: "Dieses Video gibt es bei seiner Quelle nicht mehr. Versuch einen anderen Upload.",
  PRIVATE_VIDEO: "Dieses Video ist privat. Versuch einen anderen Upload.",
  MEMBERS_ONLY: "Dieses Video ist nur für Mitglieder des Kanals. Versuch einen anderen Upload.",
  PAID_CONTENT: "Dieser Inhalt kostet Geld und kann nicht gespielt werden. Versuch einen anderen Upload.",
  AGE_RESTRICTED:
    "Dieses Video hat eine Altersbeschränkung und kann nicht gespielt werden. Versuch einen anderen Upload.",
  REGION_BLOCKED:
    "Dieses Video ist in dem Land gesperrt, in dem der Server dieses Bots steht. Versuch einen anderen Upload.",
  DRM_PROTECTED:
    "Dieses Video ist kopiergeschützt und kann nicht gespielt werden. Versuch einen anderen Upload.",
  NOT_STARTED: "Das hat noch nicht begonnen. Versuch es wieder, wenn es da ist.",
  LIVE_ENDED: "Dieser Livestream ist vorbei und hat keine Aufzeichnung.",
  LIVE_NOT_SUPPORTED: "Dieser Livestream kann nicht gespielt werden. Nimm stattdessen eine Aufzeichnung.",
  LIVE_ONLY: "Das ist ein Livestream: Man kann ihn nur so hören, wie er kommt.",
  TRACK_TOO_LONG: "Das ist länger als die hier erlaubten {limit}. Nimm etwas Kürzeres.",
  FILE_TOO_LARGE: "Diese Datei ist größer als die hier erlaubten {limitBytes}. Nimm eine kleinere.",
  LINK_DEAD: "Hinter diesem Link ist keine Datei. Prüf ihn und versuch es noch einmal.",
  UNSUPPORTED_LINK:
    "Mit diesem Link kann ich nichts anfangen. Gib einen zu einem Song oder einer Liste auf YouTube, Spotify, Apple Music oder Deezer an, einen zu einer Audiodatei oder einem Radio, oder Suchwörter.",
  NOT_AUDIO: "Hinter diesem Link ist kein Ton, den dieser Bot lesen kann.",
  ADDRESS_FORBIDDEN: "Diese Adresse ist nicht öffentlich. Der Betreiber kann sie mit DIRECT_HOSTS erlauben.",
  PLAYLIST_UNAVAILABLE: "Diese Playlist gibt es nicht oder sie ist nicht öffentlich.",
  PLAYLIST_PRIVATE:
    "Das ist eine private Liste („Später ansehen“, „Videos, die ich mag“). Teile stattdessen eine öffentliche Playlist.",
  CHANNEL_LINK:
    "Das ist der Link zu einem Kanal. Gib stattdessen eines seiner Videos oder eine seiner Playlists an.",
  NOTHING_FOUND: "Dazu wurde nichts gefunden. Versuch andere Wörter oder einen Link.",
  NO_MATCH:
    "Auf YouTube war keine Aufnahme von „{song}“ zu finden. Versuch andere Wörter oder den Link dort.",
  UNSAFE_ID: "Das ist kein gültiger Song. Gib einen Link oder Suchwörter an.",
  RATE_LIMITED:
    "Die Quelle bremst diesen Bot gerade aus. Versuch es in einer Stunde wieder; Songs aus dem Cache spielen weiter.",
  BOT_CHECK:
    "YouTube verlangt vom Server dieses Bots eine Anmeldung. Der Betreiber kann einen Proxy einstellen oder es später versuchen; Songs aus dem Cache spielen weiter.",
  MEDIA_FORBIDDEN: "Die Quelle hat den Download verweigert. Versuch es in einer Minute wieder.",
  SOURCE_UNREACHABLE: "Die Quelle ist gerade nicht erreichbar. Versuch es gleich noch einmal.",
  DOWNLOAD_INCOMPLETE:
    "Der Download ist abgebrochen, darum wurde nichts behalten. Versuch es gleich noch einmal.",
  EXTRACTOR_BROKEN:
    "Die Quelle hat etwas geändert, das dieser Bot noch nicht lesen kann. Der Betreiber sollte yt-dlp aktualisieren.",
  SOURCE_OFF: "Songs von {source} sind hier abgeschaltet. Der Betreiber kann sie mit MORE_SOURCES erlauben.",
  SERVICE_UNREADABLE:
    "{service} hat etwas geändert und dieser Bot kann es noch nicht lesen. Such den Song mit seinem Namen.",
  EXTRACTOR_TOO_OLD: "yt-dlp ist auf diesem Server zu alt. Der Betreiber sollte ausführen: npm run setup",
  EXTRACTOR_MISSING:
    "Es ist kein Programm installiert, das dies laden kann. Der Betreiber sollte ausführen: npm run setup",
  FFMPEG_MISSING:
    "ffmpeg fehlt, darum können neue Songs nicht vorbereitet werden; Songs aus dem Cache spielen weiter. Der Betreiber sollte ausführen: npm run setup",
  TRANSCODE_FAILED: "Diese Datei konnte nicht umgewandelt werden. Versuch einen anderen Upload.",
  AUDIO_INCOMPLETE:
    "Nur ein Teil des Songs ist angekommen, darum wurde nichts behalten. Versuch es gleich noch einmal.",
  DISK_FULL:
    "Die Festplatte dieses Bots ist voll, darum konnte der Song nicht gespeichert werden. Admins: /cache_cleanup",
  CACHE_UNWRITABLE:
    "In den Cache-Ordner kann nicht geschrieben werden, darum spielen nur Songs aus dem Cache. Der Betreiber sollte ausführen: npm run doctor",
  OUT_OF_FILES:
    "Dieser Bot hat zu viele Dateien offen. Versuch es gleich noch einmal; der Betreiber sollte das Limit erhöhen (ulimit -n).",
  CACHE_CASE_INSENSITIVE:
    "Der Cache-Ordner {path} liegt auf einem Dateisystem, das Groß- und Kleinschreibung nicht unterscheidet, darum könnten sich zwei Songs eine Datei teilen. Setz CACHE_DIR auf einen Ordner in einem anderen Dateisystem.",
  LEASE_LOST: "Ein anderer Prozess dieses Bots hat übernommen. Versuch es gleich noch einmal.",
  NOT_IN_VOICE: "Du bist in keinem Sprachkanal. Geh in einen und versuch es noch einmal.",
  OTHER_VOICE_CHANNEL: "Ich spiele in {channel}. Komm dorthin und versuch es noch einmal.",
  VOICE_NO_PERMISSION:
    "Ich darf nicht in {channel}. Jemand mit dem Recht „Kanal verwalten“ kann mir dort {missing} geben.",
  VOICE_FULL:
    "{channel} ist voll. Macht Platz oder gebt mir „Mitglieder verschieben“ und versucht es noch einmal.",
  VOICE_UNREACHABLE:
    "Ich konnte mich nicht mit {channel} verbinden. Die Warteschlange bleibt: Mit resume versuche ich es noch einmal.",
  VOICE_LOST:
    "Die Sprachverbindung ist abgerissen und nicht wiedergekommen. Die Warteschlange bleibt: Mit resume geht es weiter.",
  VOICE_KICKED:
    "Jemand hat mich aus {channel} entfernt. Die Warteschlange bleibt: Mit resume geht es weiter.",
  VOICE_MUTED:
    "Ich bin in {channel} stummgeschaltet, darum hört mich niemand. Jemand mit dem Recht {needed} kann das ändern.",
  STAGE_ASKED:
    "Ich bin im Publikum von {channel} und habe um das Wort gebeten. Jemand mit dem Recht {needed} kann es mir geben.",
  VOICE_ENCRYPTION:
    "Discord verlangt Ende-zu-Ende-verschlüsselte Gespräche, und dieser Bot konnte keines beginnen. Der Betreiber sollte den Bot aktualisieren.",
  NOT_IN_GUILD: "Das geht nur auf einem Server.",
  NOTHING_PLAYING: "Es läuft nichts. Starte etwas mit play.",
  BEYOND_THE_END: "Der Song ist nur {length} lang.",
  NOT_ARRIVED: "Der Song ist noch nicht bis {position} angekommen. Versuch es gleich noch einmal.",
  QUEUE_FULL:
    "Die Warteschlange ist voll: Höchstens {cap} dürfen warten. Versuch es wieder, wenn einige Songs gespielt sind.",
  PERSON_QUEUE_FULL:
    "Niemand darf hier mehr als {cap} warten lassen. Versuch es wieder, wenn einige deiner Songs gespielt sind.",
  NOTHING_PAUSED: "Es ist nichts angehalten. Starte etwas mit play.",
  NOT_IN_QUEUE: "Dieser Song steht nicht in der Warteschlange. Was wartet, zeigt queue.",
  QUEUE_EMPTY: "Es wartet nichts. Füge mit play etwas hinzu.",
  NO_CHAPTERS: "Dieser Song hat keine Kapitel. Spiel ihn ohne split.",
  NOTHING_TO_PLAY_THERE: "In dieser Nachricht ist kein Link und keine Datei mit Ton.",
  NOTHING_BEFORE: "Vor diesem Song lief noch keiner. Starte etwas mit play.",
  VOTED_HERE: "Über die Songs anderer wird hier abgestimmt. Stimm mit skip ab.",
  NO_SUCH_COMMAND: "Diesen Befehl gibt es nicht. Welche es gibt, zeigt help.",
  MISSING_ARGUMENT: "{name} fehlt. So geht es: {usage}",
  BAD_ARGUMENT: "{name} muss {expected} sein. So geht es: {usage}",
  NEEDS_TYPED_COMMANDS:
    "Das geht nur mit getippten Befehlen, und die sind aus. Der Betreiber kann sie mit PREFIX_COMMANDS einschalten.",
  UNKNOWN_ARGUMENT: "Mit {text} kann ich hier nichts anfangen. So geht es: {usage}",
  TOO_FAST: "Das ist zu viel auf einmal. Versuch es in {seconds} s wieder.",
  CHANNEL_NO_PERMISSION:
    "Ich darf nicht in {channel} schreiben. Jemand mit dem Recht „Kanal verwalten“ kann mir dort {missing} geben.",
  NOT_ALLOWED: "Das darf nur {who}.",
  NOT_YOUR_BUTTON: "Das darf nur drücken, wer gefragt hat.",
  WRONG_NUMBER: "Das ist nicht die Zahl. Es wurde nichts gelöscht.",
  PLAN_EXPIRED: "Diese Vorschau gilt nicht mehr. Es wurde nichts gelöscht; lass dir eine neue zeigen.",
  NO_SUCH_PROFILE: "Von diesem Profil gibt es keine Dateien. Es gibt: {there}.",
  FORCE_ONE_SONG: "force geht nur mit einem einzelnen Song. Gib statt einer Liste einen Link oder Wörter an.",
  NOT_KEPT: "Eine Regel dieses Servers hält diesen Song aus dem Cache heraus.",
  ONE_RULE: "Nenn nur eine Sache, um die es in der Regel geht, nicht mehrere.",
  NO_SUCH_ROOM: "Das ist kein Kanal von Discord. Schreib ihn als #kanal.",
  NO_MINUTES: "Schreib eine Länge in Minuten, zum Beispiel 45.",
  NO_SUCH_SOURCE: "Diese Quelle gibt es nicht. Es gibt: youtube, direct, soundcloud, bandcamp.",
  NOT_CACHED: "So ein Song ist nicht im Cache. Such ihn in Discord mit /cache find oder spiel ihn zuerst.",
  WARMING_BUSY: "Es wird gerade eine andere Liste geladen. Warte auf sie oder brich sie ab.",
  NOT_A_LIST: "Das ist keine Playlist. Gib den Link zu einer an.",
  NOT_AN_ID: "{text} ist nicht die ID eines Songs. IDs stehen in den Namen der Cache-Dateien.",
  EXPORT_FAILED: "Der Song konnte nicht nach {file} kopiert werden: {reason}",
  IMPORT_FOLDER: "{folder} {reason}. Gib den Ordner des älteren Caches an.",
  IMPORT_BLOCKED: "Eine Datei ohne Eintrag heißt {file}. Führe aus: npm run cache -- reconcile",
  BUSY_MAINTENANCE: "Es läuft gerade eine andere Bereinigung. Versuch es wieder, wenn sie fertig ist.",
  NO_LIST_NAME: "Das ist kein Name für eine Playlist. Gib einen mit höchstens 50 Zeichen an.",
  LIST_EXISTS: "Eine Playlist mit diesem Namen gibt es schon. Nimm einen anderen oder lösch sie zuerst.",
  NO_SUCH_LIST: "Eine Playlist mit diesem Namen gibt es nicht. Alle zeigt dir playlist.",
  TOO_MANY_LISTS_OF_YOURS:
    "Eine Person darf höchstens {most} Playlists des Servers anlegen. Lösch zuerst eine von deinen.",
  TOO_MANY_LISTS: "Es darf höchstens {most} Playlists geben. Lösch zuerst eine.",
  LIST_FULL: "In eine Liste passen höchstens {most} Songs. Nimm zuerst welche heraus.",
  LIST_EMPTY: "In dieser Liste steht noch nichts. Füge zuerst Songs hinzu.",
  NO_SUCH_ENTRY: "Diese Nummer gibt es in der Liste nicht. Alle zeigt dir show.",
  NOT_A_LIST_FILE:
    "In dieser Datei sind keine Links zu Songs. Gib eine Playlist als JSON oder M3U mit höchstens {mostBytes} an.",
  NO_LYRICS: "Den Text von {song} hat noch niemand aufgeschrieben.",
  NO_DIRECT_MESSAGE:
    "Ich kann dir nicht schreiben. Erlaube Direktnachrichten von Mitgliedern dieses Servers und versuch es noch einmal.",
  CONFIG_INVALID: "{problems}",
  DISCORD_UNREACHABLE: "Discord ist nicht erreichbar. Prüf das Netz und DISCORD_API_URL und starte dann neu.",
  DATABASE_NEWER:
    "Die Datenbank {path} stammt von einer neueren Version von Encore. Aktualisiere Encore oder nimm eine ältere Sicherung; es wurde nichts geändert.",
  DATABASE_FOREIGN:
    "{path} ist keine Datenbank von Encore und bleibt, wie sie ist. Gib in DATABASE_URL eine eigene Datei an.",
  DATABASE_UNREADABLE: "Die Datenbank {path} lässt sich nicht öffnen: {reason}",
  DISK_TOO_FULL:
    "Die Festplatte ist zu voll für die Datenbank. Schaff Platz darauf, zum Beispiel mit: npm run cache -- cleanup",
  CHILD_FAILED: "Ein Hilfsprogramm konnte nicht gestartet werden.",
  ABORTED: "Das wurde abgebrochen.",
  INTERNAL: "Bei mir ist etwas schiefgegangen. Es wurde nichts geändert.",
};

/** As the table in `core/notices.ts`. */
export const notices: Readonly<Record<NoticeKind, string>> = {
  "cache-nearly-full":
    "Der Cache ist zu {percent} % voll. Erhöhe CACHE_LIMIT oder führe aus: npm run cache -- cleanup",
  "disk-nearly-full":
    "Die Festplatte ist {how}, um neue Songs zu speichern ({free} frei, die Grenze ist {floor}). Schaff Platz darauf.",
  "song-unstored":
    "Für neue Songs ist kein Platz, darum werden sie gespielt und nicht behalten. Schaff Platz auf der Festplatte oder mit `/cache_cleanup`.",
  "cache-unwritable":
    "In den Cache-Ordner kann nicht geschrieben werden, darum werden neue Songs gespielt und nicht behalten. Warum, sagt: `npm run doctor`",
  "database-recovered":
    "Die Datenbank war {found} und wurde {how}. Sieh nach, ob ihre Festplatte in Ordnung ist: `npm run doctor`",
};

/** As the table in `core/sentence.ts`. */
export const phrases: Readonly<Record<PhraseName, string>> = {
  OWNER: "der Besitzer dieses Bots",
  MANAGER: "jemand mit dem Recht „Server verwalten“",
  LIST_MAKER: "wer sie angelegt hat, oder jemand mit „Server verwalten“",
  DJ: "jemand mit der Rolle {role}",
  PEOPLE: "ein Mensch",
  CHARACTERS: "höchstens {most} Zeichen lang",
  WHOLE_NUMBER: "eine ganze Zahl von {min} bis {max}",
  DURATION: "eine Dauer oder Stelle wie 1:30, 90 oder 1m30s, höchstens {most}",
  ATTACHED: "eine Datei, die an der Nachricht hängt",
  MENTION: "in diesem Server zu finden, wie {like}",
  NUMBERS: "eine Nummer wie 3 oder ein Bereich wie 3-7",
  POSITION: "eine Stelle wie 1:23, 83 oder 1m23s",
  ONE_OF: "eines von {names} oder {last}",
  NO_FILES: "gar keine Dateien",
  NEARLY_TOO_FULL: "fast zu voll",
  TOO_FULL: "zu voll",
  MISSING: "weg",
  DAMAGED: "beschädigt",
  BEGUN_ANEW: "aus den Songs im Cache neu aufgebaut",
  BROUGHT_BACK: "wiederhergestellt, kein Song ist verloren",
  VIEW_CHANNEL: "**Kanal anzeigen**",
  CONNECT: "**Verbinden**",
  SPEAK: "**Sprechen**",
  MUTE_MEMBERS: "**Mitglieder stummschalten**",
  SET_VOICE_STATUS: "**Sprachkanalstatus festlegen**",
  SEND_MESSAGES: "**Nachrichten senden**",
  SEND_IN_THREADS: "**Nachrichten in Threads senden**",
  READ_MESSAGE_HISTORY: "**Nachrichtenverlauf anzeigen**",
  EMBED_LINKS: "**Links einbetten**",
  MANAGE_MESSAGES: "**Nachrichten verwalten**",
  NUMBER: "ZAHL",
  NAME: "NAME",
  VALUE: "WERT",
};
