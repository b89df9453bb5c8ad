// Discord's gateway v10 on 127.0.0.1 (JSON, uncompressed).
import type { AddressInfo } from "node:net";
import { GatewayCloseCodes, GatewayIntentBits, GatewayOpcodes } from "discord-api-types/v10";
import type { GatewayIdentifyData, GatewayResumeData } from "discord-api-types/v10";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { GatewaySession } from "./gateway-session.ts";
import { guildCreatePayload, memberPayload } from "./guild-payloads.ts";
import { applicationFlags, selfPayload } from "./routes/application.ts";
import type { GatewayEvent, World } from "./world.ts";

/** What a bot sent. */
export interface ReceivedPayload {
  readonly op: GatewayOpcodes;
  readonly d: unknown;
  /** Monotonic. */
  readonly atMs: number;
}

type Payload = Pick<ReceivedPayload, "op" | "d">;

/** Opcode 4: the bot wants to join, move or leave. */
export interface VoiceRequest {
  readonly guild_id: string;
  readonly channel_id: string | null;
  readonly self_mute: boolean;
  readonly self_deaf: boolean;
}

export interface GatewayDeps {
  readonly world: World;
  readonly token: string;
  readonly heartbeatIntervalMs: number;
  readonly onVoiceRequest: (request: VoiceRequest, session: GatewaySession) => void;
}

/** Messages a bot may send in a minute; one more closes the connection with 4008. */
const MAX_PAYLOADS_PER_MINUTE = 120;

/** Serves bots and lets a test disturb the connection. */
export class Gateway {
  readonly #deps: GatewayDeps;
  readonly #server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  readonly #sessions = new Map<string, GatewaySession>();
  /** Everything bots sent, heartbeats included. */
  readonly received: ReceivedPayload[] = [];
  /** How often a bot began anew and how often it resumed. */
  readonly counts = { identified: 0, resumed: 0 };
  /** Set to true to turn away new connections, as in an outage. */
  refusesConnections = false;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
    this.#server.on("connection", (socket) => this.#welcome(socket));
    deps.world.announce = (event) => this.#announce(event);
  }

  async listening(): Promise<void> {
    if (this.#server.address()) return;
    await new Promise<void>((resolve) => this.#server.once("listening", resolve));
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sessions with an open connection that have got READY. */
  get online(): readonly GatewaySession[] {
    return [...this.#sessions.values()].filter(({ socket, isReady }) => isReady && socket?.readyState === 1);
  }

  /** Asks every bot to reconnect and resume (opcode 7). */
  askToReconnect(): void {
    for (const { socket } of this.online)
      send(socket, { op: GatewayOpcodes.Reconnect, d: null, s: null, t: null });
  }

  /** Tells every bot that its session is void (opcode 9); `resumable` lets it try. */
  invalidateSessions(resumable = false): void {
    for (const session of this.online) {
      if (!resumable) this.#sessions.delete(session.facts.id);
      send(session.socket, { op: GatewayOpcodes.InvalidSession, d: resumable, s: null, t: null });
    }
  }

  /** Closes every connection with this code. */
  disconnect(code: number): void {
    for (const { socket } of this.online) socket?.close(code);
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #announce(event: GatewayEvent): void {
    for (const session of this.#sessions.values())
      if (session.isReady && session.wants(event)) session.dispatch(event);
  }

  #welcome(socket: WebSocket): void {
    if (this.refusesConnections) return socket.terminate();
    let session: GatewaySession | undefined;
    const times: number[] = [];
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      if (session?.socket === socket) session.socket = undefined;
    });
    socket.on("message", (data) => {
      const payload = parse((data as Buffer).toString("utf8"));
      if (!payload) return socket.close(GatewayCloseCodes.DecodeError);
      const atMs = this.#deps.world.clock.monotonicMs();
      this.received.push({ ...payload, atMs });
      times.push(atMs);
      if (times.filter((timeMs) => timeMs > atMs - 60_000).length > MAX_PAYLOADS_PER_MINUTE)
        return socket.close(GatewayCloseCodes.RateLimited);
      session = this.#handle(payload, socket, session);
    });
    send(socket, {
      op: GatewayOpcodes.Hello,
      d: { heartbeat_interval: this.#deps.heartbeatIntervalMs },
      s: null,
      t: null,
    });
  }

  #handle(payload: Payload, socket: WebSocket, session?: GatewaySession): GatewaySession | undefined {
    if (payload.op === GatewayOpcodes.Identify)
      return this.#identify(payload.d as GatewayIdentifyData, socket);
    if (payload.op === GatewayOpcodes.Resume) return this.#resume(payload.d as GatewayResumeData, socket);
    if (payload.op === GatewayOpcodes.Heartbeat)
      send(socket, { op: GatewayOpcodes.HeartbeatAck, d: null, s: null, t: null });
    else if (session) this.#handleInSession(payload, session);
    else socket.close(GatewayCloseCodes.NotAuthenticated);
    return session;
  }

  #handleInSession({ op, d }: Payload, session: GatewaySession): void {
    if (op === GatewayOpcodes.VoiceStateUpdate) this.#deps.onVoiceRequest(d as VoiceRequest, session);
    else if (op === GatewayOpcodes.RequestGuildMembers) this.#sendMembers(d as MembersRequest, session);
    else if (op !== GatewayOpcodes.PresenceUpdate)
      this.#deps.world.violations.push({ method: "GATEWAY", route: `op ${op}`, problem: "unknown opcode" });
  }

  #identify(data: GatewayIdentifyData, socket: WebSocket): GatewaySession | undefined {
    const { world, token } = this.#deps;
    const [number, count] = data.shard ?? [0, 1];
    const refusal = refusalOf(data, token, world);
    if (refusal !== undefined) {
      socket.close(refusal);
      return undefined;
    }
    this.counts.identified += 1;
    const session = new GatewaySession({
      id: `session-${world.ids.now()}`,
      intents: data.intents,
      shard: [number, count],
    });
    session.socket = socket;
    this.#sessions.set(session.facts.id, session);
    const guilds = [...world.guilds.values()].filter(({ id }) =>
      session.wants({ type: "", data: {}, guildId: id, intents: 0 }),
    );
    session.dispatch({
      type: "READY",
      data: {
        v: 10,
        user: selfPayload(world),
        guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
        session_id: session.facts.id,
        resume_gateway_url: this.url,
        shard: [number, count],
        application: { id: world.bot.id, flags: applicationFlags(world) },
        private_channels: [],
        relationships: [],
      },
    });
    session.isReady = true;
    for (const guild of guilds)
      this.#announceTo(session, "GUILD_CREATE", guildCreatePayload(guild), GatewayIntentBits.Guilds);
    return session;
  }

  #announceTo(session: GatewaySession, type: string, data: object, intent: number): void {
    if ((session.facts.intents & intent) !== 0) session.dispatch({ type, data });
  }

  #resume(data: GatewayResumeData, socket: WebSocket): GatewaySession | undefined {
    const session = this.#sessions.get(data.session_id);
    if (data.token !== this.#deps.token || !session) {
      send(socket, { op: GatewayOpcodes.InvalidSession, d: false, s: null, t: null });
      return undefined;
    }
    session.socket = socket;
    if (!session.replay(data.seq)) {
      socket.close(GatewayCloseCodes.InvalidSeq);
      return undefined;
    }
    this.counts.resumed += 1;
    session.dispatch({ type: "RESUMED", data: {} });
    return session;
  }

  #sendMembers(
    { guild_id, user_ids = [], query, limit = 0, nonce }: MembersRequest,
    session: GatewaySession,
  ): void {
    const guild = this.#deps.world.guilds.get(guild_id);
    if (!guild) return;
    const wanted = [...guild.members.values()].filter(({ user }) =>
      query === undefined ? user_ids.includes(user.id) : user.name.startsWith(query),
    );
    const members = wanted
      .slice(0, limit === 0 ? wanted.length : limit)
      .map((member) => memberPayload(member));
    session.dispatch({
      type: "GUILD_MEMBERS_CHUNK",
      data: { guild_id, members, chunk_index: 0, chunk_count: 1, not_found: [], nonce },
    });
  }
}

interface MembersRequest {
  readonly guild_id: string;
  readonly user_ids?: string | readonly string[];
  readonly query?: string;
  readonly limit?: number;
  readonly nonce?: string;
}

function refusalOf(data: GatewayIdentifyData, token: string, world: World): GatewayCloseCodes | undefined {
  const [number, count] = data.shard ?? [0, 1];
  if (data.token !== token) return GatewayCloseCodes.AuthenticationFailed;
  if (!Number.isInteger(number) || number < 0 || number >= count) return GatewayCloseCodes.InvalidShard;
  if (!Number.isInteger(data.intents)) return GatewayCloseCodes.InvalidIntents;
  return (data.intents & closedIntents(world)) === 0 ? undefined : GatewayCloseCodes.DisallowedIntents;
}

/** Privileged intents whose switch in the portal is off. */
function closedIntents({ portal }: World): number {
  return (
    (portal.messageContent ? 0 : GatewayIntentBits.MessageContent) |
    (portal.serverMembers ? 0 : GatewayIntentBits.GuildMembers) |
    (portal.presence ? 0 : GatewayIntentBits.GuildPresences)
  );
}

function send(socket: WebSocket | undefined, payload: object): void {
  if (socket?.readyState === 1) socket.send(JSON.stringify(payload));
}

function parse(text: string): Payload | undefined {
  try {
    const value = JSON.parse(text) as Payload;
    return typeof value.op === "number" ? { op: value.op, d: value.d } : undefined;
  } catch {
    return undefined;
  }
}
