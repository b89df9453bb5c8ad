import type { MessageHandle, Panel } from "../../src/command/panel.ts";

/** A message that tells of its changes. */
export function fakeHandle(
  edit: (panel: Panel) => unknown,
  more: Partial<MessageHandle> = {},
): MessageHandle {
  return {
    edit: async (panel) => {
      await edit(panel);
    },
    delete: () => Promise.resolve(),
    below: () => 0,
    ...more,
  };
}
