import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { RtpOutbox, type VoiceUdp } from "../../src/discord/rtp-outbox.ts";

/** A voice server that notes what comes, and sessions with it. */
class UdpLab implements AsyncDisposable {
  readonly heard: string[] = [];
  readonly #server: Socket = createSocket("udp4");
  readonly #sockets: Socket[] = [];

  static async open(): Promise<UdpLab> {
    const lab = new UdpLab();
    lab.#server.on("message", (packet) => lab.heard.push(packet.toString()));
    lab.#server.bind(0, "127.0.0.1");
    await once(lab.#server, "listening");
    return lab;
  }

  /** As the library makes it. */
  session(remote = { ip: "127.0.0.1", port: this.#server.address().port }): VoiceUdp {
    const socket = createSocket("udp4");
    this.#sockets.push(socket);
    return { socket, remote, send: (packet) => socket.send(packet, remote.port, remote.ip) };
  }

  async hears(count: number): Promise<void> {
    await vi.waitUntil(() => this.heard.length >= count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [this.#server, ...this.#sockets].map(async (socket) => {
      const close = once(socket, "close");
      try {
        socket.close();
      } catch {
        return;
      }
      await close;
    });
    await Promise.all(closed);
  }
}

describe("what is sent", () => {
  it("arrives whole and in order, from the first packet on, of each session and of the library itself", async () => {
    await using lab = await UdpLab.open();
    const [outbox, one, other] = [new RtpOutbox(), lab.session(), lab.session()];
    for (const text of ["a0", "a1", "a2"]) outbox.add(one, Buffer.from(text));
    outbox.add(other, Buffer.from("b0"));
    await lab.hears(4);
    one.send(Buffer.from("alive"));
    outbox.add(one, Buffer.from("a3"));
    await lab.hears(6);
    expect(lab.heard.filter((text) => text !== "b0")).toEqual(["a0", "a1", "a2", "alive", "a3"]);
    expect(lab.heard).toContain("b0");
    expect(one.socket.remoteAddress().port).toBe(one.remote.port);
  });

  it("is made before the first of it goes out", async () => {
    await using lab = await UdpLab.open();
    const [outbox, udp] = [new RtpOutbox(), lab.session()];
    outbox.add(udp, Buffer.from("first"));
    await lab.hears(1);
    const send = vi.spyOn(udp, "send");
    outbox.add(udp, Buffer.from("one"));
    outbox.add(udp, Buffer.from("two"));
    expect(send).not.toHaveBeenCalled();
    await lab.hears(3);
    expect(send).toHaveBeenCalledTimes(2);
  });
});

describe("a session that cannot be sent in", () => {
  it("closed in between keeps nothing from the others", async () => {
    await using lab = await UdpLab.open();
    const [outbox, gone, sound] = [new RtpOutbox(), lab.session(), lab.session()];
    outbox.add(gone, Buffer.from("x0"));
    outbox.add(sound, Buffer.from("a0"));
    await lab.hears(2);
    outbox.add(gone, Buffer.from("x1"));
    outbox.add(sound, Buffer.from("a1"));
    gone.socket.close();
    await lab.hears(3);
    expect(lab.heard.at(-1)).toBe("a1");
    const late = lab.session();
    outbox.add(late, Buffer.from("y0"));
    outbox.add(sound, Buffer.from("a2"));
    late.socket.close();
    await lab.hears(4);
    expect(lab.heard.at(-1)).toBe("a2");
  });

  it("goes on as the library sends when its socket is connected already", async () => {
    await using lab = await UdpLab.open();
    const [outbox, udp] = [new RtpOutbox(), lab.session()];
    udp.socket.connect(udp.remote.port, udp.remote.ip);
    await once(udp.socket, "connect");
    const sent: string[] = [];
    udp.send = (packet) => void sent.push(packet.toString());
    outbox.add(udp, Buffer.from("a0"));
    await vi.waitUntil(() => sent.length === 1);
    expect(sent).toEqual(["a0"]);
  });
});
