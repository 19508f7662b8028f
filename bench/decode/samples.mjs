import { median } from '../statistics.mjs';

const rate = (tokens, ms) => (tokens === 0 || ms <= 0 ? null : (tokens * 1000) / ms);

/** Figures of a measurement by name; null when it failed or the figure is not known. */
export const FIGURES = {
  decode: ({ decoded, decodeMs }) => rate(decoded, decodeMs),
  prefill: ({ promptTokens, prefillMs }) => rate(promptTokens, prefillMs),
  promptMs: ({ prefillMs }) => prefillMs ?? null,
  firstMs: ({ firstMs }) => firstMs ?? null,
  loadMs: ({ loadMs }) => loadMs,
  memoryMegabytes: ({ memoryBytes }) => (memoryBytes === null ? null : memoryBytes / 1e6),
  peakMegabytes: ({ peakBytes }) => (peakBytes === null ? null : peakBytes / 1e6),
};

/** Keeps the measurements of each contender of a shape, round by round. */
export class Samples {
  #taken = new Map();

  /** @param {string} name Of the contender. */
  add(name, sample) {
    const known = this.#taken.get(name) ?? [];
    known.push(sample);
    this.#taken.set(name, known);
  }

  has(name) {
    return this.#taken.has(name);
  }

  /** All values of a figure. @param {string} name @param {keyof typeof FIGURES} figure */
  values(name, figure) {
    return (this.#taken.get(name) ?? [])
      .filter(({ fault }) => fault === undefined)
      .map((sample) => FIGURES[figure](sample))
      .filter((value) => value !== null);
  }

  /** The median over the rounds, a word when there is none. */
  middle(name, figure) {
    const [first] = this.#taken.get(name) ?? [];
    return median(this.values(name, figure)) ?? (first?.fault === undefined ? null : 'failed');
  }

  /** Least and greatest value of each contender, as a note. */
  ranges(names, figure) {
    return names
      .filter((name) => this.values(name, figure).length > 0)
      .map((name) => {
        const values = this.values(name, figure);
        const show = (value) => value.toFixed(value < 10 ? 2 : 0);
        return `${name} ${show(Math.min(...values))}–${show(Math.max(...values))}`;
      })
      .join(', ');
  }

  /** Why measurements failed, each reason once. */
  faults() {
    const said = [...this.#taken].flatMap(([name, taken]) =>
      taken.filter(({ fault }) => fault !== undefined).map(({ fault }) => `${name}: ${fault}`),
    );
    return [...new Set(said)];
  }
}
