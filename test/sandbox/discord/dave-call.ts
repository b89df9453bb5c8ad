// One end-to-end encrypted call: delivers the group's messages, and listens with the people's own keys.
import { DAVESession } from "@snazzah/davey";
import type { MediaType, ProposalsOperationType } from "@snazzah/davey";
import { VoiceOpcodes } from "discord-api-types/voice/v8";
import type { DaveSender } from "./dave-sender.ts";
import { commitBytes, uint16 } from "./mls-wire.ts";
import { SILENCE_FRAME } from "./recording.ts";
import type { VoiceSession } from "./voice-session.ts";

/** The version of the protocol that is spoken. */
export const DAVE_VERSION = 1;
// Declared as const enums, which type stripping cannot look up.
const APPEND = 0 as unknown as ProposalsOperationType.APPEND;
const AUDIO = 0 as unknown as MediaType.AUDIO;

/** Somebody in the group: a person, whose session lives here, or the bot, whose lives in its process. */
interface Member {
  readonly userId: string;
  readonly leaf: number;
  readonly ear: DAVESession | undefined;
}

type Change =
  | {
      readonly kind: "add";
      readonly userId: string;
      readonly keyPackage: Buffer;
      readonly ear: DAVESession | undefined;
    }
  | { readonly kind: "remove"; readonly userId: string };

interface Commit {
  readonly commit: Buffer;
  readonly welcome: Buffer | undefined;
}

/** The group of one voice channel. Changes are made one after the other, each by the commit of one member. */
export class DaveCall {
  readonly #channelId: string;
  readonly #sender: DaveSender;
  #members: Member[] = [];
  #epoch = 0n;
  #transition = 0;
  #bot: VoiceSession | undefined;
  /** The change that waits for the bot's commit. */
  #waiting: Change | undefined;
  readonly #changes: Change[] = [];
  /** Frames no listener could make sense of: not encrypted, or with the wrong key. */
  unheardFrames = 0;

  constructor(channelId: string, sender: DaveSender) {
    this.#channelId = channelId;
    this.#sender = sender;
  }

  /** A person joins, with a fresh key. */
  addPerson(userId: string): void {
    const ear = new DAVESession(DAVE_VERSION, userId, this.#channelId);
    ear.setExternalSender(this.#sender.package);
    this.#enqueue({ kind: "add", userId, keyPackage: ear.getSerializedKeyPackage(), ear });
  }

  /** The bot's key package came (opcode 26). */
  addBot(session: VoiceSession, keyPackage: Buffer): void {
    this.#bot = session;
    this.#enqueue({ kind: "add", userId: session.facts.userId, keyPackage, ear: undefined });
  }

  /** Somebody leaves. */
  remove(userId: string): void {
    if (userId === this.#bot?.facts.userId) this.#removeBot(userId);
    else this.#enqueue({ kind: "remove", userId });
  }

  /** The bot's commit, with the welcome for whom it let in (opcode 28). A late one lost the race and is ignored. */
  takeCommit(message: Buffer): void {
    const change = this.#waiting;
    if (!change) return;
    this.#waiting = undefined;
    const end = commitBytes(message);
    const welcome = end === message.length ? undefined : message.subarray(end);
    this.#deliver(change, { commit: message.subarray(0, end), welcome });
    this.#next();
  }

  /** What the listeners hear of one frame of the bot; `undefined` = nothing. */
  hear(frame: Buffer, botId: string): Buffer | undefined {
    if (frame.equals(SILENCE_FRAME)) return frame;
    const ear = this.#members.find((member) => member.ear?.ready)?.ear;
    try {
      if (ear) return ear.decrypt(botId, AUDIO, frame);
    } catch {
      // Told by the count below: a listener hears nothing and sees no error either.
    }
    this.unheardFrames += 1;
    return undefined;
  }

  /** A bot that has gone commits nothing any more: first it is put out, then others make the change it was asked for. */
  #removeBot(userId: string): void {
    const unfinished = this.#waiting;
    this.#bot = undefined;
    this.#waiting = undefined;
    this.#changes.unshift({ kind: "remove", userId }, ...(unfinished ? [unfinished] : []));
    this.#next();
  }

  #enqueue(change: Change): void {
    this.#changes.push(change);
    this.#next();
  }

  #next(): void {
    while (!this.#waiting) {
      const change = this.#changes.shift();
      if (!change) return;
      this.#begin(change);
    }
  }

  #begin(change: Change): void {
    const known = this.#members.find(({ userId }) => userId === change.userId);
    if (change.kind === "remove" ? !known : known) return;
    const staying = this.#members.filter((member) => member !== known);
    if (staying.length === 0) return this.#startOver(change);
    const proposal = this.#proposal(change, known?.leaf ?? 0);
    const users = [...staying.map(({ userId }) => userId), change.userId];
    if (staying.some(({ ear }) => !ear))
      this.#bot?.sendBinary(VoiceOpcodes.DaveMlsProposals, Buffer.from([APPEND]), proposal);
    const commits = staying.flatMap(({ ear }) =>
      ear ? [ear.processProposals(APPEND, proposal, users)] : [],
    );
    const [first] = commits;
    if (first?.commit) this.#deliver(change, { commit: first.commit, welcome: first.welcome });
    else this.#waiting = change;
  }

  #proposal(change: Change, leaf: number): Buffer {
    const moment = { channelId: this.#channelId, epoch: this.#epoch };
    return change.kind === "add"
      ? this.#sender.add(moment, change.keyPackage)
      : this.#sender.remove(moment, leaf);
  }

  /** The first one in a call has a group of its own; after the last one there is none. */
  #startOver(change: Change): void {
    this.#epoch = 0n;
    this.#members = change.kind === "add" ? [{ userId: change.userId, leaf: 0, ear: change.ear }] : [];
  }

  /** Hands the commit to the members and the welcome to the new one. */
  #deliver(change: Change, { commit, welcome }: Commit): void {
    const staying = this.#members.filter(({ userId }) => userId !== change.userId);
    // The first group takes effect at once (transition 0), later ones when the members are ready.
    const id = uint16(this.#epoch === 0n ? 0 : (this.#transition += 1));
    for (const { ear } of staying) {
      if (ear) ear.processCommit(commit);
      else this.#bot?.sendBinary(VoiceOpcodes.DaveMlsAnnounceCommitTransition, id, commit);
    }
    this.#epoch += 1n;
    this.#members = staying;
    if (change.kind === "remove" || !welcome) return;
    if (change.ear) change.ear.processWelcome(welcome);
    else this.#bot?.sendBinary(VoiceOpcodes.DaveMlsWelcome, id, welcome);
    const taken = new Set(staying.map(({ leaf }) => leaf));
    const leaf = staying.map((_, index) => index).find((index) => !taken.has(index)) ?? staying.length;
    this.#members = [...staying, { userId: change.userId, leaf, ear: change.ear }];
  }
}
