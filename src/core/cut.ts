/** A part of a song that is jumped over when it plays; the kept file has it still. */
export interface Cut {
  readonly fromMs: number;
  readonly toMs: number;
}
