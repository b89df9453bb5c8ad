import type { SessionListener } from "./guild-session.ts";

/** Several listeners as one, each told in turn what it wants to hear. */
export function allOf(listeners: readonly Partial<SessionListener>[]): SessionListener {
  return {
    onLoading: (...news) => listeners.forEach((one) => one.onLoading?.(...news)),
    onStarted: (...news) => listeners.forEach((one) => one.onStarted?.(...news)),
    onPaused: (...news) => listeners.forEach((one) => one.onPaused?.(...news)),
    onEnded: (...news) => listeners.forEach((one) => one.onEnded?.(...news)),
    onFailed: (...news) => listeners.forEach((one) => one.onFailed?.(...news)),
  };
}
