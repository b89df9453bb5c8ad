import type { Socket } from "node:dgram";

/** The UDP side of a voice session, as @discordjs/voice keeps it. */
export interface VoiceUdp {
  send(packet: Buffer): void;
  readonly socket: Socket;
  /** The voice server. */
  readonly remote: { readonly ip: string; readonly port: number };
}

/**
 * Sends the packets of all guilds that are made in one go when all are made, through sockets that know their server: a
 * tenth to a fifth less processor time than making and sending them by turns, with an address each.
 */
export class RtpOutbox {
  readonly #connected = new WeakSet<VoiceUdp>();
  #parcels: { readonly udp: VoiceUdp; readonly packet: Buffer }[] = [];

  /** The packet's bytes must stay as they are until the code that runs now has ended. */
  add(udp: VoiceUdp, packet: Buffer): void {
    if (this.#parcels.length === 0) process.nextTick(() => this.#send());
    this.#parcels.push({ udp, packet });
  }

  #send(): void {
    const parcels = this.#parcels;
    this.#parcels = [];
    for (const { udp, packet } of parcels) {
      if (!this.#connected.has(udp)) this.#connect(udp);
      trySend(udp, packet);
    }
  }

  /** Once for each session; with an address at every packet, each would wait for the look-up of a number. */
  #connect(udp: VoiceUdp): void {
    this.#connected.add(udp);
    const { socket, remote } = udp;
    const sendUnconnected = udp.send.bind(udp);
    const waiting: Buffer[] = [];
    udp.send = (packet) => void waiting.push(packet);
    const go = (error?: Error): void => {
      udp.send = error ? sendUnconnected : (packet) => socket.send(packet);
      for (const packet of waiting) trySend(udp, packet);
    };
    try {
      socket.connect(remote.port, remote.ip, go);
    } catch (error) {
      go(error as Error);
    }
  }
}

/** A socket that was closed meanwhile throws; its session is over, and nobody hears the packet. */
function trySend(udp: VoiceUdp, packet: Buffer): void {
  try {
    udp.send(packet);
  } catch {
    // Whoever closed it knows.
  }
}
