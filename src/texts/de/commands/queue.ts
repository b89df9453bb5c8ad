import type { queue as english } from "../../en/commands/queue.ts";

/** As in `en/commands/queue.ts`. */
export const queue: typeof english = {
  queue: { about: "Zeigt, was läuft und was danach kommt", page: "Welche Seite" },
  back: { about: "Geht zum Song vor diesem zurück" },
  clear: { about: "Leert die Warteschlange; der laufende Song geht weiter" },
  loop: {
    about: "Wiederholt den Song oder reihum alle",
    mode: "track für den Song, queue für alle oder off",
  },
  move: {
    about: "Gibt einem Song der Warteschlange einen anderen Platz",
    from: "Seine Nummer in der Warteschlange",
    to: "Die Nummer, die er haben soll",
  },
  remove: {
    about: "Nimmt Songs nach ihren Nummern aus der Warteschlange",
    numbers: "Eine Nummer wie 3 oder ein Bereich wie 3-7",
  },
  removeDuplicates: { about: "Nimmt Songs aus der Warteschlange, die schon weiter vorn darin stehen" },
  removeUser: {
    about: "Nimmt alle Songs von jemandem aus der Warteschlange",
    person: "Wer sie sich gewünscht hat",
  },
  shuffle: { about: "Mischt, was in der Warteschlange steht" },
  skip: {
    about: "Überspringt den laufenden Song oder geht zu einem der Warteschlange",
    to: "Nummer des Songs in der Warteschlange, mit dem es weitergeht",
  },
};
