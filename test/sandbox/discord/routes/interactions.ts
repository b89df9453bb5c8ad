// Routes by which the bot answers interactions: the first answer, its message, and follow-ups.
import { invalidForm, unknown } from "../errors.ts";
import { InteractionKind } from "../interaction.ts";
import type { Choice, Interaction, OpenedModal } from "../interaction.ts";
import type { InteractionDesk } from "../interaction-desk.ts";
import { messagePayload } from "../message-payload.ts";
import type { MessageBody, MessageStore } from "../message-store.ts";
import { MessageFlag } from "../message.ts";
import type { Message } from "../message.ts";
import type { UploadedFile } from "../rest-body.ts";
import type { RestAnswer, RestRequest, Routes } from "../rest-router.ts";
import type { World } from "../world.ts";

export interface InteractionDeps {
  readonly world: World;
  readonly desk: InteractionDesk;
  readonly messages: MessageStore;
}

/** The first answer's `type`. */
const Callback = { message: 4, deferMessage: 5, deferUpdate: 6, update: 7, choices: 8, modal: 9 } as const;

interface CallbackBody {
  readonly type: number;
  readonly data?: (MessageBody & Partial<OpenedModal> & { readonly choices?: readonly Choice[] }) | null;
}

/** `/interactions/…/callback` and `/webhooks/{application}/{token}/…`. */
export function interactionRoutes(deps: InteractionDeps): Routes {
  const { desk, messages } = deps;
  const chosen = ({ params }: RestRequest): Message =>
    followUp(desk.forWebhook(params["webhook_token"]), params["message_id"]);
  const original = ({ params }: RestRequest): Message => originalOf(desk.forWebhook(params["webhook_token"]));
  const one = (find: (request: RestRequest) => Message, path: string): Routes => ({
    [`GET ${path}`]: (request) => ({ body: messagePayload(find(request)) }),
    [`PATCH ${path}`]: (request) => {
      const message = find(request);
      messages.edit(message, request.body as MessageBody, request.files);
      return { body: messagePayload(message) };
    },
    [`DELETE ${path}`]: (request) => {
      messages.delete(find(request));
      return {};
    },
  });
  return {
    "POST /interactions/{interaction_id}/{interaction_token}/callback": (request) => {
      const { interaction_id: id, interaction_token: token } = request.params;
      return firstAnswer(desk.forCallback(id, token), request, deps);
    },
    "POST /webhooks/{webhook_id}/{webhook_token}": (request) => ({
      body: messagePayload(addFollowUp(desk.forWebhook(request.params["webhook_token"]), request, deps)),
    }),
    ...one(original, "/webhooks/{webhook_id}/{webhook_token}/messages/@original"),
    ...one(chosen, "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"),
  };
}

function firstAnswer(interaction: Interaction, request: RestRequest, deps: InteractionDeps): RestAnswer {
  const { type, data } = request.body as CallbackBody;
  checkFits(interaction, type);
  const body = data ?? {};
  const wantsPrivacy = ((body.flags ?? 0) & MessageFlag.ephemeral) !== 0;
  switch (type) {
    case Callback.message:
    case Callback.deferMessage:
      if (type === Callback.deferMessage) checkDefer(body.flags ?? 0);
      interaction.message = write(
        interaction,
        { body, files: request.files, wantsPrivacy, loading: type === Callback.deferMessage },
        deps,
      );
      interaction.ephemeral = wantsPrivacy;
      break;
    case Callback.deferUpdate:
    case Callback.update:
      interaction.message = interaction.facts.source;
      if (type === Callback.update && interaction.message)
        deps.messages.edit(interaction.message, body, request.files);
      break;
    case Callback.choices:
      interaction.choices = body.choices ?? [];
      break;
    default:
      interaction.modal = body as OpenedModal;
  }
  interaction.deferred = type === Callback.deferMessage || type === Callback.deferUpdate;
  interaction.acknowledge(type, deps.world.clock.monotonicMs());
  return request.query.get("with_response") === "true" ? { body: callbackResponse(interaction, type) } : {};
}

function checkFits({ facts: { kind, source } }: Interaction, type: number): void {
  const isAutocomplete = kind === InteractionKind.autocomplete;
  if (isAutocomplete !== (type === Callback.choices))
    throw invalidForm(`type: ${type} does not answer this kind of interaction`);
  if (type === Callback.modal && kind === InteractionKind.modal)
    throw invalidForm("type: a form cannot answer a form");
  if ((type === Callback.deferUpdate || type === Callback.update) && !source)
    throw invalidForm(`type: ${type} needs a message with components`);
}

/** "Thinking…" takes only EPHEMERAL; IS_COMPONENTS_V2 belongs on the edit. */
function checkDefer(flags: number): void {
  if ((flags & ~MessageFlag.ephemeral) !== 0)
    throw invalidForm("flags: a deferred answer takes only EPHEMERAL");
}

interface Answer {
  readonly body: MessageBody;
  readonly files: readonly UploadedFile[];
  readonly wantsPrivacy: boolean;
  readonly loading?: boolean;
}

function write({ facts }: Interaction, answer: Answer, { messages, world }: InteractionDeps): Message {
  return messages.create({
    channel: facts.channel,
    author: world.bot,
    body: answer.body,
    files: answer.files,
    visibleTo: answer.wantsPrivacy ? facts.person.user.id : undefined,
    interaction: { id: facts.id, type: facts.kind, user: facts.person.user },
    loading: answer.loading ?? false,
  });
}

/** The first follow-up after "thinking…" takes its place, with its privacy. */
function addFollowUp(interaction: Interaction, request: RestRequest, deps: InteractionDeps): Message {
  const body = request.body as MessageBody;
  if (interaction.message?.loading && !interaction.message.deleted) {
    deps.messages.edit(interaction.message, body, request.files);
    return interaction.message;
  }
  const wantsPrivacy = ((body.flags ?? 0) & MessageFlag.ephemeral) !== 0;
  const message = write(interaction, { body, files: request.files, wantsPrivacy }, deps);
  interaction.followUps.push(message);
  return message;
}

function originalOf({ message }: Interaction): Message {
  if (!message) throw unknown.webhook();
  if (message.deleted) throw unknown.message();
  return message;
}

function followUp(interaction: Interaction, id: string | undefined): Message {
  const found = [interaction.message, ...interaction.followUps].find((message) => message?.id === id);
  if (!found || found.deleted) throw unknown.message();
  return found;
}

function callbackResponse({ facts, message, ephemeral }: Interaction, type: number): object {
  const about = message && {
    response_message_id: message.id,
    response_message_loading: message.loading,
    response_message_ephemeral: ephemeral,
  };
  const resource = { type, ...(message && { message: messagePayload(message) }) };
  return { interaction: { id: facts.id, type: facts.kind, ...about }, resource };
}
