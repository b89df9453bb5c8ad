/** What the bar at a panel's side says; never the only carrier of a meaning. */
export type Tone = "playing" | "waiting" | "info" | "warning" | "done" | "error";

export interface Button {
  readonly label: string;
  /** `command:press:payload`, at most 100 characters, see {@link buttonId}. */
  readonly id: string;
  readonly style: "primary" | "secondary" | "danger";
  readonly disabled?: boolean;
}

/** A list to choose one thing from. */
export interface Menu {
  /** As of a button; its press gets the `value` that was chosen as its input. */
  readonly id: string;
  readonly placeholder: string;
  /** 1 to 25; texts of at most 100 characters. */
  readonly options: readonly {
    readonly label: string;
    readonly value: string;
    readonly isChosen?: boolean;
  }[];
}

/**
 * A reply, free of any platform. All texts are markdown: whatever came from outside must have gone through `plain`.
 */
export interface Panel {
  readonly tone: Tone;
  readonly title?: string;
  readonly lines: readonly string[];
  /** Small print below. */
  readonly footer?: string;
  readonly picture?: { readonly url: string; readonly alt: string };
  /** To be saved by whoever reads it. */
  readonly file?: { readonly name: string; readonly text: string };
  /** In rows of five. */
  readonly buttons?: readonly Button[];
  readonly menu?: Menu;
}

/** Questions with text fields, opened over the chat. */
export interface Form {
  readonly id: string;
  readonly title: string;
  readonly text?: string;
  /** 1 to 4. */
  readonly fields: readonly Field[];
}

/** One line, or more, to write into. */
export interface Field {
  /** Under this name what was written comes back. */
  readonly name: string;
  readonly label: string;
  readonly maxLength: number;
  /** What stands there to begin with. */
  readonly value?: string;
  readonly isOptional?: boolean;
  readonly isLong?: boolean;
}

/** Name of a button or form: which command it belongs to, what it means there, and what it is about. */
export function buttonId(command: string, press: string, payload = ""): string {
  return `${command}:${press}:${payload}`;
}

/** The parts of {@link buttonId}; `undefined` = not one of ours. */
export function parseButtonId(
  id: string,
): { readonly command: string; readonly press: string; readonly payload: string } | undefined {
  const [command, press, ...rest] = id.split(":");
  return command && press ? { command, press, payload: rest.join(":") } : undefined;
}

/** A message that was sent and can be changed. */
export interface MessageHandle {
  edit(panel: Panel): Promise<void>;
  delete(): Promise<void>;
  /** How many messages have come after it, as far as is known. */
  below(): number;
  /** Where it is; `undefined` = its asker alone sees it. */
  readonly place?: MessagePlace | undefined;
}

/** By which a message is found again after a restart. */
export interface MessagePlace {
  readonly channelId: string;
  readonly messageId: string;
}

/** One sentence about what went wrong. */
export function errorPanel(message: string, reference?: string): Panel {
  return { tone: "error", lines: [message], ...(reference && { footer: `ref ${reference}` }) };
}
