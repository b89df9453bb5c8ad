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
  readonly data?: MessageBody | null;
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
  const answer = ANSWERS[type];
  if (!answer) throw invalidForm(`type: ${type} is no answer`);
  answer(interaction, { ...deps, body: data ?? {}, files: request.files });
  interaction.deferred = type === Callback.deferMessage || type === Callback.deferUpdate;
  interaction.acknowledge(type, deps.world.clock.monotonicMs());
  return request.query.get("with_response") === "true" ? { body: callbackResponse(interaction, type) } : {};
}

interface FirstAnswer extends InteractionDeps {
  /** A message, or choices, or a form; which one the type says. */
  readonly body: MessageBody;
  readonly files: readonly UploadedFile[];
}

const ANSWERS: Readonly<Record<number, (interaction: Interaction, answer: FirstAnswer) => void>> = {
  [Callback.message]: (interaction, answer) => {
    interaction.message = write(interaction, answer);
    interaction.ephemeral = interaction.message.ephemeral;
  },
  [Callback.deferMessage]: (interaction, answer) => {
    checkDefer(answer.body.flags ?? 0);
    interaction.message = write(interaction, answer, true);
    interaction.ephemeral = interaction.message.ephemeral;
  },
  [Callback.deferUpdate]: (interaction) => {
    interaction.message = interaction.facts.source;
  },
  [Callback.update]: (interaction, { messages, body, files }) => {
    interaction.message = interaction.facts.source;
    if (interaction.message) messages.edit(interaction.message, body, files);
  },
  [Callback.choices]: (interaction, { body }) => {
    interaction.choices = (body as { choices?: readonly Choice[] }).choices ?? [];
  },
  [Callback.modal]: (interaction, { body }) => {
    interaction.modal = body as MessageBody & OpenedModal;
  },
};

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

function write({ facts, note }: Interaction, answer: FirstAnswer, loading = false): Message {
  const wantsPrivacy = ((answer.body.flags ?? 0) & MessageFlag.ephemeral) !== 0;
  return answer.messages.create({
    channel: facts.channel,
    author: answer.world.bot,
    body: answer.body,
    files: answer.files,
    visibleTo: wantsPrivacy ? facts.person.user.id : undefined,
    interaction: note,
    loading,
  });
}

/** The first follow-up after "thinking…" takes its place, with its privacy. */
function addFollowUp(interaction: Interaction, request: RestRequest, deps: InteractionDeps): Message {
  const body = request.body as MessageBody;
  if (interaction.message?.loading && !interaction.message.deleted) {
    deps.messages.edit(interaction.message, body, request.files);
    return interaction.message;
  }
  const message = write(interaction, { ...deps, body, files: request.files });
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
