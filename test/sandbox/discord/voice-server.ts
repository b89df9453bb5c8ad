// Discord's voice gateway v8 on 127.0.0.1, over TLS.
import { createHash } from "node:crypto";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { VoiceCloseCodes, VoiceOpcodes } from "discord-api-types/voice/v8";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { LocalCertificate } from "./certificate.ts";
import type { Channel } from "./channel.ts";
import { DAVE_VERSION } from "./dave-call.ts";
import type { Dave } from "./dave.ts";
import type { Guild } from "./guild.ts";
import type { VoiceMode } from "./rtp.ts";
import { VoiceSession } from "./voice-session.ts";
import { VoiceUdp } from "./voice-udp.ts";
import type { VoiceMove, World } from "./world.ts";

/** Heartbeat interval Discord gives out. */
const HEARTBEAT_INTERVAL_MS = 13_750;
/** The one close code above 4000 after which a client may resume. */
const CRASHED: number = VoiceCloseCodes.VoiceServerCrashed;
const KEY_PACKAGE: number = VoiceOpcodes.DaveMlsKeyPackage;
const COMMIT_WELCOME: number = VoiceOpcodes.DaveMlsCommitWelcome;

export interface VoiceServerDeps {
  readonly world: World;
  readonly certificate: LocalCertificate;
  /** Offered encryptions, best first. */
  readonly modes: readonly VoiceMode[];
  /** `undefined` = calls are not encrypted between their ends. */
  readonly dave: Dave | undefined;
  /** False = packets are counted and thrown away. */
  readonly hearsVoice: boolean;
}

/** What a client says on the voice gateway. */
interface ClientMessage {
  readonly op: VoiceOpcodes;
  readonly d: Readonly<Record<string, unknown>>;
}

/** Serves voice connections and keeps their sessions. */
export class VoiceServer {
  readonly #deps: VoiceServerDeps;
  readonly #https: Server;
  readonly #sockets: WebSocketServer;
  readonly #sessions = new Map<number, VoiceSession>();
  readonly udp: VoiceUdp;
  #allocated = 0;
  /** How often a client began a session and how often it resumed one. */
  readonly counts = { identified: 0, resumed: 0 };
  /** Close codes given to clients that tried to identify. */
  readonly turnedAway: number[] = [];
  /** Set to a close code to turn away every client that identifies. */
  closeOnIdentify: number | undefined;
  /** Set to true to drop new connections, as if the server were down. */
  isDown = false;

  constructor(deps: VoiceServerDeps) {
    this.#deps = deps;
    const { certificatePem, keyPem } = deps.certificate;
    this.#https = createServer({ cert: certificatePem, key: keyPem });
    this.#sockets = new WebSocketServer({ server: this.#https });
    this.#sockets.on("connection", (socket) => this.#welcome(socket));
    const { world, dave, hearsVoice } = deps;
    this.udp = new VoiceUdp({ world, dave, hearsVoice, sessionOf: (ssrc) => this.#sessions.get(ssrc) });
    world.onVoiceMove = (move) => this.#announceMove(move);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#https.listen(0, "127.0.0.1", resolve));
    await this.udp.listen();
  }

  /** Host and port for VOICE_SERVER_UPDATE. */
  get endpoint(): string {
    return `127.0.0.1:${(this.#https.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#https.closeAllConnections();
    await new Promise<void>((resolve) => this.#https.close(() => resolve()));
    await this.udp.close();
  }

  /** Prepares a session; the token goes out in VOICE_SERVER_UPDATE. An older one of that guild is void. */
  allocate(guild: Guild, channel: Channel, sessionId: string): VoiceSession {
    this.release(guild);
    this.#allocated += 1;
    const token = createHash("sha256").update(`${guild.id}/${this.#allocated}`).digest("hex");
    const session = new VoiceSession({
      guild,
      channel,
      userId: this.#deps.world.bot.id,
      sessionId,
      token: token.slice(0, 16),
      ssrc: this.#allocated,
      key: createHash("sha256").update(`key/${token}`).digest(),
    });
    this.#sessions.set(session.facts.ssrc, session);
    return session;
  }

  /** The session of a guild; `undefined` = none. */
  sessionOf(guild: Guild): VoiceSession | undefined {
    return [...this.#sessions.values()].findLast(({ facts }) => facts.guild === guild);
  }

  /** Ends the session of a guild, with a close code if its socket is open. */
  release(guild: Guild, closeCode?: number): void {
    const session = this.sessionOf(guild);
    if (!session) return;
    this.#sessions.delete(session.facts.ssrc);
    this.#deps.dave?.call(session.facts.channel.id).remove(session.facts.userId);
    if (closeCode !== undefined) session.socket?.close(closeCode);
  }

  /** Closes the socket of a guild's session. The session stays when its client may resume it (4015 and below 4000). */
  disconnect(guild: Guild, closeCode: number): void {
    const mayResume = closeCode === CRASHED || closeCode < 4000;
    const session = this.sessionOf(guild);
    if (!mayResume) this.release(guild);
    session?.socket?.close(closeCode);
  }

  /** Cuts every connection without a close frame and forgets all sessions, as a crash does. */
  crash(): void {
    for (const { facts } of this.#sessions.values()) this.release(facts.guild);
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  #welcome(socket: WebSocket): void {
    if (this.isDown) return socket.terminate();
    let session: VoiceSession | undefined;
    socket.on("error", () => socket.terminate());
    socket.on("message", (data, isBinary) => {
      if (isBinary) return session && this.#handleBinary(data as Buffer, session);
      const message = JSON.parse((data as Buffer).toString("utf8")) as ClientMessage;
      session = this.#handle(message, socket, session);
    });
    socket.send(
      JSON.stringify({ op: VoiceOpcodes.Hello, d: { v: 8, heartbeat_interval: HEARTBEAT_INTERVAL_MS } }),
    );
  }

  #handle({ op, d }: ClientMessage, socket: WebSocket, session?: VoiceSession): VoiceSession | undefined {
    if (op === VoiceOpcodes.Identify) return this.#identify(d, socket);
    if (op === VoiceOpcodes.Resume) return this.#resume(d, socket);
    if (op === VoiceOpcodes.Heartbeat)
      socket.send(JSON.stringify({ op: VoiceOpcodes.HeartbeatAck, d: { t: d["t"] } }));
    else if (session) this.#handleInSession({ op, d }, session);
    else socket.close(VoiceCloseCodes.NotAuthenticated);
    return session;
  }

  #handleInSession({ op, d }: ClientMessage, session: VoiceSession): void {
    if (op === VoiceOpcodes.SelectProtocol) this.#selectProtocol(d, session);
    else if (op === VoiceOpcodes.DaveTransitionReady) session.send(VoiceOpcodes.DaveExecuteTransition, d);
    else if (op === VoiceOpcodes.Speaking) setSpeaking(session, Number(d["speaking"]) !== 0);
    else this.#deps.world.violations.push({ method: "VOICE", route: `op ${op}`, problem: "unknown opcode" });
  }

  /** Messages of the DAVE group: opcode, then content. */
  #handleBinary(message: Buffer, session: VoiceSession): void {
    const call = this.#deps.dave?.call(session.facts.channel.id);
    const op = message.readUInt8(0);
    if (op === KEY_PACKAGE) call?.addBot(session, message.subarray(1));
    else if (op === COMMIT_WELCOME) call?.takeCommit(message.subarray(1));
    else
      this.#deps.world.violations.push({
        method: "VOICE",
        route: `op ${op}`,
        problem: "unknown binary opcode",
      });
  }

  /** Tells the bot who joined or left its channel; only known people may be let into the encrypted group. */
  #announceMove(move: VoiceMove): void {
    const session = this.sessionOf(move.guild);
    const isBot = move.userId === session?.facts.userId;
    const channelId = session?.facts.channel.id;
    if (!isBot && channelId === move.fromId)
      session?.send(VoiceOpcodes.ClientDisconnect, { user_id: move.userId });
    if (!isBot && channelId === move.toId)
      session?.send(VoiceOpcodes.ClientsConnect, { user_ids: [move.userId] });
    this.#deps.dave?.move(move);
  }

  #identify(d: ClientMessage["d"], socket: WebSocket): VoiceSession | undefined {
    const session = this.#sessionFor(d);
    const code = this.closeOnIdentify ?? this.#refusalOf(d, session);
    if (!session || code !== undefined) {
      this.turnedAway.push(code ?? VoiceCloseCodes.SessionNoLongerValid);
      socket.close(code ?? VoiceCloseCodes.SessionNoLongerValid);
      return undefined;
    }
    this.counts.identified += 1;
    session.socket = socket;
    const { guild, channel, ssrc, userId } = session.facts;
    session.sendPlain({
      op: VoiceOpcodes.Ready,
      d: {
        ssrc,
        ip: "127.0.0.1",
        port: this.udp.port,
        modes: this.#deps.modes,
        experiments: [],
        streams: [],
      },
    });
    const others = guild.peopleIn(channel.id).filter((state) => state.userId !== userId);
    if (others.length > 0)
      session.send(VoiceOpcodes.ClientsConnect, { user_ids: others.map((state) => state.userId) });
    return session;
  }

  #refusalOf(d: ClientMessage["d"], session: VoiceSession | undefined): number | undefined {
    if (session?.facts.userId !== d["user_id"]) return VoiceCloseCodes.SessionNoLongerValid;
    const version = Number(d["max_dave_protocol_version"] ?? 0);
    return this.#deps.dave && version < DAVE_VERSION
      ? VoiceCloseCodes.EndToEndEncryptionDAVEProtocolRequired
      : undefined;
  }

  #resume(d: ClientMessage["d"], socket: WebSocket): VoiceSession | undefined {
    const session = this.#sessionFor(d);
    if (!session) {
      socket.close(VoiceCloseCodes.SessionNoLongerValid);
      return undefined;
    }
    this.counts.resumed += 1;
    session.socket = socket;
    session.resume(Number(d["seq_ack"] ?? 0));
    return session;
  }

  #sessionFor(d: ClientMessage["d"]): VoiceSession | undefined {
    return [...this.#sessions.values()].find(
      ({ facts }) =>
        facts.token === d["token"] &&
        facts.guild.id === d["server_id"] &&
        facts.sessionId === d["session_id"],
    );
  }

  #selectProtocol(d: ClientMessage["d"], session: VoiceSession): void {
    const mode = (d["data"] as { mode?: VoiceMode } | undefined)?.mode;
    if (!mode || !this.#deps.modes.includes(mode)) {
      session.socket?.close(VoiceCloseCodes.UnknownEncryptionMode);
      return;
    }
    session.mode = mode;
    session.send(VoiceOpcodes.SessionDescription, {
      mode,
      secret_key: [...session.facts.key],
      audio_codec: "opus",
      dave_protocol_version: this.#deps.dave ? DAVE_VERSION : 0,
    });
    if (this.#deps.dave)
      session.sendBinary(VoiceOpcodes.DaveMlsExternalSender, this.#deps.dave.sender.package);
  }
}

function setSpeaking({ facts: { guild, channel } }: VoiceSession, speaking: boolean): void {
  guild.heard.speaking = speaking;
  channel.recording.speaking = speaking;
}
