// Starts interactions, hands them to the bot, and keeps the rules of answering them in time and once.
import type { Channel } from "./channel.ts";
import { channelPayload } from "./channel.ts";
import { DiscordRefusal, unknown } from "./errors.ts";
import { memberPayload } from "./guild-payloads.ts";
import { Interaction } from "./interaction.ts";
import type { InteractionFacts } from "./interaction.ts";
import { messagePayload } from "./message-payload.ts";
import type { World } from "./world.ts";

/** First answers later than this are refused. */
export const ACKNOWLEDGE_WITHIN_MS = 3000;
/** After this the token is void. */
export const TOKEN_LIFE_MS = 15 * 60_000;

/** What a person does. */
export type Doing = Pick<InteractionFacts, "kind" | "what" | "person" | "guild" | "channel"> & {
  readonly data: object;
  readonly source?: InteractionFacts["source"];
  readonly trigger?: InteractionFacts["trigger"];
};

/** All interactions of the local Discord. */
export class InteractionDesk {
  readonly #world: World;
  readonly #interactions = new Map<string, Interaction>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Sends INTERACTION_CREATE and returns at once. */
  start({ data, source, trigger, ...doing }: Doing): Interaction {
    const id = this.#world.ids.now();
    const facts = {
      ...doing,
      id,
      token: `interaction-${id}`,
      source,
      trigger,
      createdAtMs: this.#world.clock.monotonicMs(),
    };
    const interaction = new Interaction(facts);
    this.#interactions.set(facts.token, interaction);
    this.#world.announce({
      type: "INTERACTION_CREATE",
      data: this.#payload(interaction, data),
      guildId: facts.guild.id,
      intents: 0,
    });
    return interaction;
  }

  /** Waits for the first answer. @throws {Error} when it does not come within Discord's 3 seconds */
  async answered(interaction: Interaction): Promise<Interaction> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ACKNOWLEDGE_WITHIN_MS);
    await Promise.race([interaction.acknowledged, promise]);
    clearTimeout(timer);
    if (interaction.acknowledgedAfterMs === undefined) {
      const latest = this.#world.refusals.slice(-3).map((refusal) => `\n  ${JSON.stringify(refusal)}`);
      throw new Error(
        `The application did not respond to ${interaction.facts.what} in time.${latest.join("")}`,
      );
    }
    return interaction;
  }

  /** For the first answer. @throws {DiscordRefusal} 10062 unknown or too late, 40060 answered before */
  forCallback(id: string | undefined, token: string | undefined): Interaction {
    const interaction = this.#interactions.get(token ?? "");
    if (!interaction || interaction.id !== id) throw unknown.interaction();
    if (interaction.acknowledgedAfterMs !== undefined)
      throw new DiscordRefusal(400, 40_060, "Interaction has already been acknowledged.");
    if (this.#ageMs(interaction) > ACKNOWLEDGE_WITHIN_MS) throw unknown.interaction();
    return interaction;
  }

  /** For later answers. @throws {DiscordRefusal} 10015 unknown or not answered yet, 50027 token too old */
  forWebhook(token: string | undefined): Interaction {
    const interaction = this.#interactions.get(token ?? "");
    if (!interaction || interaction.acknowledgedAfterMs === undefined) throw unknown.webhook();
    if (this.#ageMs(interaction) > TOKEN_LIFE_MS)
      throw new DiscordRefusal(401, 50_027, "Invalid Webhook Token");
    return interaction;
  }

  #ageMs(interaction: Interaction): number {
    return this.#world.clock.monotonicMs() - interaction.facts.createdAtMs;
  }

  #payload({ facts }: Interaction, data: object): object {
    const { guild, channel, person } = facts;
    return {
      id: facts.id,
      application_id: this.#world.bot.id,
      type: facts.kind,
      token: facts.token,
      version: 1,
      data,
      guild_id: guild.id,
      guild: { id: guild.id, locale: guild.locale, features: guild.features },
      guild_locale: guild.locale,
      locale: person.locale,
      channel_id: channel.id,
      channel: this.#channelFor(channel, facts),
      member: {
        ...memberPayload(guild.member(person.user.id)),
        permissions: String(guild.permissionsOf(person.user.id, channel)),
      },
      app_permissions: String(guild.permissionsOf(this.#world.bot.id, channel)),
      entitlements: [],
      authorizing_integration_owners: { 0: guild.id },
      context: 0,
      attachment_size_limit: 10 * 2 ** 20,
      ...(facts.source && { message: messagePayload(facts.source) }),
    };
  }

  #channelFor(channel: Channel, { guild, person }: InteractionFacts): object {
    return { ...channelPayload(channel), permissions: String(guild.permissionsOf(person.user.id, channel)) };
  }
}
