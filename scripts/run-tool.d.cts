export interface ToolOptions {
  /** The person sees the output as it comes; else it is collected. */
  readonly show?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly shell?: boolean;
}

/** Runs one program to its end. Never rejects: 127 = it could not be started. */
export function runTool(
  command: string,
  args: readonly string[],
  options?: ToolOptions,
): Promise<{ readonly exitCode: number; readonly output: string }>;
