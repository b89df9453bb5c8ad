// Loudness of a song that is still arriving: K-weighted, gated (ITU-R BS.1770-4), counted up block by block.

/** One step of the meter: the blocks of the gate overlap by three quarters of their 400 ms. */
export const BLOCK_MS = 100;
/** Samples of both channels in one step, at 48 kHz, left and right in turn. */
export const BLOCK_SAMPLES = 2 * 48 * BLOCK_MS;

const STEPS_PER_GATE = 4;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
const BINS_PER_LU = 10;
/** Up to +30 LUFS, far beyond what floats of a broken file give. */
const BINS = 100 * BINS_PER_LU;
/** Below it a filter's memory is dropped: numbers that become ever smaller are a hundred times slower. */
const TINY = 1e-15;

/** Measures what it is given. Its memory does not grow: the gates count in bins of 0.1 LU. */
export class LoudnessMeter {
  readonly #filters = [new Float64Array(4), new Float64Array(4)] as const;
  readonly #energies = new Float64Array(BINS);
  readonly #counts = new Uint32Array(BINS);
  readonly #steps = new Float64Array(STEPS_PER_GATE);
  #added = 0;

  /** Takes the next {@link BLOCK_SAMPLES}, fewer at the end. Returns the loudness of the last 400 ms in LUFS. */
  add(block: Float32Array): number {
    const [left, right] = this.#filters;
    const sum = weighted(block, 0, left) + weighted(block, 1, right);
    this.#steps[this.#added % STEPS_PER_GATE] = (2 * sum) / BLOCK_SAMPLES;
    this.#added += 1;
    const energy = this.#steps.reduce((total, step) => total + step, 0) / STEPS_PER_GATE;
    const loudness = lufs(energy);
    if (this.#added >= STEPS_PER_GATE && loudness >= ABSOLUTE_GATE_LUFS) this.#count(energy, loudness);
    return loudness;
  }

  /** Milliseconds it was given. */
  get measuredMs(): number {
    return this.#added * BLOCK_MS;
  }

  /** Integrated loudness of all so far, in LUFS; `null` = nothing was above the absolute gate. */
  get integratedLufs(): number | null {
    const ungated = this.#mean(0);
    if (ungated === null) return null;
    const gate = ungated + RELATIVE_GATE_LU - ABSOLUTE_GATE_LUFS;
    return this.#mean(Math.max(Math.ceil(gate * BINS_PER_LU), 0));
  }

  #count(energy: number, loudness: number): void {
    const bin = Math.min(Math.floor((loudness - ABSOLUTE_GATE_LUFS) * BINS_PER_LU), BINS - 1);
    this.#energies[bin] = (this.#energies[bin] ?? 0) + energy;
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
  }

  #mean(fromBin: number): number | null {
    let energy = 0;
    let count = 0;
    for (let bin = fromBin; bin < BINS; bin += 1) {
      energy += this.#energies[bin] ?? 0;
      count += this.#counts[bin] ?? 0;
    }
    return count === 0 ? null : lufs(energy / count);
  }
}

function lufs(energy: number): number {
  return 10 * Math.log10(energy) - 0.691;
}

/** Sum of the squares of one channel behind both filters of BS.1770-4, tables 1 and 2, for 48 kHz. */
function weighted(block: Float32Array, channel: 0 | 1, memory: Float64Array): number {
  let [s1 = 0, s2 = 0, h1 = 0, h2 = 0] = memory;
  let sum = 0;
  for (let at: number = channel; at < block.length; at += 2) {
    // A shelf for the head, then a high-pass, each as transposed direct form II.
    const x = block[at] ?? 0;
    const shelved = 1.53512485958697 * x + s1;
    s1 = -2.69169618940638 * x + 1.69065929318241 * shelved + s2;
    s2 = 1.19839281085285 * x - 0.73248077421585 * shelved;
    const y = shelved + h1;
    h1 = -2 * shelved + 1.99004745483398 * y + h2;
    h2 = shelved - 0.99007225036621 * y;
    sum += y * y;
  }
  memory.set(
    [s1, s2, h1, h2].map((value) => (Math.abs(value) < TINY || !Number.isFinite(value) ? 0 : value)),
  );
  return sum;
}
