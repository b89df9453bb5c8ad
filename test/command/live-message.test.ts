import { describe, expect, it, vi } from "vitest";
import { LiveMessage, type SentMessage } from "../../src/command/live-message.ts";
import type { MessageHandle, Panel } from "../../src/command/panel.ts";
import { Gate } from "../fakes/gate.ts";
import { RecordingLogger } from "../fakes/logger.ts";

const panel = (line: string): Panel => ({ tone: "info", lines: [line] });

/** A message whose edits wait at a gate, and fail when told. */
class SlowMessage implements MessageHandle {
  readonly edits: string[] = [];
  gate: Gate | undefined;
  failures = 0;

  delete = async (): Promise<void> => undefined;
  below = (): number => 0;

  async edit(next: Panel): Promise<void> {
    this.edits.push(next.lines.join(" "));
    await this.gate?.pass();
    if (this.failures === 0) return;
    this.failures -= 1;
    throw new Error("Unknown Message");
  }
}

describe("a live message", () => {
  it("shows the newest content, in order, and leaves out what was overtaken", async () => {
    const message = new SlowMessage();
    message.gate = new Gate();
    const live = new LiveMessage(
      Promise.resolve({ handle: message, shown: panel("first") }),
      new RecordingLogger(),
    );
    live.show(panel("a"));
    await message.gate.reached;
    for (const line of ["b", "c", "d"]) live.show(panel(line));
    message.gate.open();
    await vi.waitFor(() => expect(message.edits).toEqual(["a", "d"]));
  });

  it("waits for the message to be there, and then shows only what is newest", async () => {
    const message = new SlowMessage();
    const sent = Promise.withResolvers<SentMessage>();
    const live = new LiveMessage(sent.promise, new RecordingLogger());
    live.show(panel("a"));
    live.show(panel("b"));
    sent.resolve({ handle: message, shown: panel("first") });
    await vi.waitFor(() => expect(message.edits).toEqual(["b"]));
  });

  it("sends nothing that it says already", async () => {
    const message = new SlowMessage();
    const live = new LiveMessage(
      Promise.resolve({ handle: message, shown: panel("first") }),
      new RecordingLogger(),
    );
    live.show(panel("first"));
    live.show(panel("a"));
    await vi.waitFor(() => expect(message.edits).toEqual(["a"]));
    live.show(panel("a"));
    live.show(panel("b"));
    await vi.waitFor(() => expect(message.edits).toEqual(["a", "b"]));
  });

  it("goes on after an edit that failed, and does not take it for shown", async () => {
    const message = new SlowMessage();
    const log = new RecordingLogger();
    message.failures = 1;
    message.gate = new Gate();
    const live = new LiveMessage(Promise.resolve({ handle: message, shown: panel("first") }), log);
    live.show(panel("a"));
    await message.gate.reached;
    live.show(panel("b"));
    message.gate.open();
    await vi.waitFor(() => expect(message.edits).toEqual(["a", "b"]));
    expect(log.named("announce.failed")).toHaveLength(1);
    message.failures = 1;
    live.show(panel("c"));
    await vi.waitFor(() => expect(log.named("announce.failed")).toHaveLength(2));
    live.show(panel("c"));
    await vi.waitFor(() => expect(message.edits).toEqual(["a", "b", "c", "c"]));
  });

  it("that could not be sent is logged and lets everything go on", async () => {
    const log = new RecordingLogger();
    const live = new LiveMessage(Promise.reject(new Error("Missing Access")), log);
    live.show(panel("a"));
    live.show(panel("b"));
    await vi.waitFor(() => expect(log.named("announce.failed")).toHaveLength(1));
  });
});
