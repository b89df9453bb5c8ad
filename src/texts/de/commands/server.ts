import type { server as english } from "../../en/commands/server.ts";

/** As in `en/commands/server.ts`. */
export const server: typeof english = {
  help: { about: "Zeigt alle Befehle oder erklärt einen davon", command: "Name eines Befehls" },
  language: {
    about: "Zeigt oder wählt die Sprache auf diesem Server: auto oder eine bestimmte",
    name: "auto = wie in Discord eingestellt, en = English, de = Deutsch",
  },
  settings: {
    about: "Zeigt oder ändert, wie ich mich auf diesem Server verhalte",
    reset: "Setzt diese Einstellung zurück",
    options: {
      prefix: "Womit getippte Befehle beginnen",
      djRole: "Rolle, deren Mitglieder über die Musik aller entscheiden",
      playFor: "Wer sich Songs wünschen darf",
      announce: "Ob eine Nachricht den laufenden Song zeigt",
      announceChannel: "Wo diese Nachricht steht; sonst dort, wo der Song gewünscht wurde",
      requestChannel: "Kanal, in dem jede Nachricht ein Song und eine Nachricht der Player ist",
      voteSkip: "Ob Zuhörer über das Überspringen fremder Songs abstimmen",
      voteSkipPercent: "Anteil der Zuhörer, der zum Überspringen reicht, in Prozent",
      stay: "Ob ich Tag und Nacht im Sprachkanal bleibe",
      pauseAlone: "Ob der Song angehalten wird, solange niemand zuhört",
      leaveAloneMinutes: "Wie lange ich auf Zuhörer warte, bevor ich gehe, in Minuten",
      leaveIdleMinutes: "Wie lange ich auf Songs warte, bevor ich gehe, in Minuten",
      maxSongMinutes: "Längster Song, den ich annehme, in Minuten; 0 = was ich eben annehme",
      queueCap: "Wie viele Songs höchstens warten dürfen",
      personCap: "Wie viele Songs einer Person warten dürfen; 0 = so viele, wie passen",
      fairQueue: "Ob sich in der Warteschlange alle abwechseln",
      sponsorBlock: "Ob Teile ohne Musik übersprungen werden",
      autoplay: "Ob am Ende der Warteschlange ähnliche Songs weiterlaufen",
      voiceStatus: "Ob der Sprachkanal den Titel des Songs zeigt",
    },
  },
  permissions: { about: "Zeigt, was dieser Bot hier nicht darf und welche Rechte fehlen" },
};
