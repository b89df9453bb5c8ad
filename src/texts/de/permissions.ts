import type { permissions as english } from "../en/permissions.ts";

/** As in `en/permissions.ts`. */
export const permissions: typeof english = {
  title: "Was ich nicht darf",
  who: "Jemand mit dem Recht „Kanal verwalten“ oder „Rollen verwalten“ kann es mir geben oder mich mit dem Link in meinem Log neu einladen.",
  complete: ({ channels }) => `In ${channels} darf ich alles, was ich brauche.`,
  lacks: {
    play: ({ channel, names }) => `${channel}: Ohne ${names} kann ich dort nicht spielen.`,
    status: ({ channel, names }) => `${channel}: Ohne ${names} steht der Song nicht unter dem Namen.`,
    messages: ({ channel, names }) => `${channel}: Ohne ${names} kann ich dort nicht zeigen, was läuft.`,
    replies: ({ channel, names }) =>
      `${channel}: Ohne ${names} kann ich dort auf getippte Befehle nicht antworten.`,
    pictures: ({ channel, names }) => `${channel}: Ohne ${names} haben die Songs dort keine Cover.`,
    requests: ({ channel, names }) => `${channel}: Ohne ${names} kann ich die Wünsche dort nicht wegräumen.`,
  },
};
