import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from "@discordjs/voice";
import type { FrameSink } from "../player/pacer/frame-sink.ts";
import type { VoiceUdp } from "./rtp-outbox.ts";
import { isRtpEncryption, type RtpKeys } from "./rtp-sealer.ts";

/**
 * A voice session in which packets can be sent, as @discordjs/voice keeps it. This file is the only one that knows
 * where in the library that is.
 */
export interface RtpSession {
  /** The same object as long as the session lasts, also over a resume; the library counts in it, too. */
  readonly connectionData: RtpKeys & { readonly speaking: boolean };
  /** End-to-end encryption of the call. https://daveprotocol.com */
  readonly dave?: DaveCall | undefined;
  readonly udp: VoiceUdp;
}

interface DaveCall {
  /** 0 = this call is not encrypted. */
  readonly protocolVersion: number;
  /** Not `ready` = we are not in the call's group yet. */
  readonly session?: { readonly ready: boolean; encryptOpus(frame: Buffer): Buffer } | undefined;
}

/** The connection's session; `undefined` = it has none at the moment. */
export function rtpSessionOf({ state }: VoiceConnection): RtpSession | undefined {
  if (state.status !== VoiceConnectionStatus.Ready) return undefined;
  const networking = state.networking.state;
  if (networking.code !== NetworkingStatusCode.Ready) return undefined;
  // The library's types hide its socket; `hasKnownShape` looks for it.
  return networking as unknown as RtpSession;
}

const DATA_TYPES = {
  ssrc: "number",
  sequence: "number",
  timestamp: "number",
  nonce: "number",
  speaking: "boolean",
  encryptionMode: "string",
} as const;

/** False = this version of the library keeps its sessions in another way. */
export function hasKnownShape({ connectionData, dave, udp }: Partial<RtpSession>): boolean {
  const data = { ...connectionData };
  return (
    Object.entries(DATA_TYPES).every(([name, type]) => typeof Reflect.get(data, name) === type) &&
    data.secretKey instanceof Uint8Array &&
    isRtpEncryption(String(data.encryptionMode)) &&
    hasKnownSocket(udp) &&
    (!dave || typeof dave.protocolVersion === "number")
  );
}

function hasKnownSocket(udp: Partial<VoiceUdp> | undefined): boolean {
  return (
    typeof udp?.send === "function" &&
    typeof udp.socket?.connect === "function" &&
    typeof udp.remote?.port === "number"
  );
}

/** The library's own way of sending: slower, but it knows itself. */
export function librarySink(connection: VoiceConnection): FrameSink {
  return {
    send: (frame) => connection.playOpusPacket(frame) === true,
    rest: () => void connection.setSpeaking(false),
  };
}

/**
 * Whether that is the one error that @discordjs/voice throws at nobody: right after it has opened a socket it sends a
 * keep-alive, even if the socket was closed in between, as when somebody stops the bot at that very moment. Nothing is
 * lost by it. https://github.com/discordjs/discord.js/issues/11436
 */
export function isLateKeepAlive(error: Error): boolean {
  const isClosed = "code" in error && error.code === "ERR_SOCKET_DGRAM_NOT_RUNNING";
  return isClosed && error.stack?.includes("VoiceUDPSocket.keepAlive") === true;
}
