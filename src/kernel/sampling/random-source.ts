const TWO_32 = 4_294_967_296;

/**
 * Pseudo-random numbers of 32 bits: sfc32 by Chris Doty-Humphrey, state and seeding as published with PractRand 0.94
 * (`RNGs/sfc.cpp`). Integer operations only, so that every engine draws the same numbers.
 */
export class RandomSource {
  #a = 0;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed - An integer from 0 to 2⁵³ − 1. */
  constructor(seed: number) {
    this.#b = seed >>> 0;
    this.#c = Math.floor(seed / TWO_32) >>> 0;
    // The rounds the author prescribes until all bits of the seed have reached all of the state.
    for (let round = 0; round < 12; round += 1) this.next32();
  }

  /** Draws an integer from 0 to 2³² − 1. */
  next32(): number {
    const drawn = (this.#a + this.#b + this.#counter) >>> 0;
    this.#counter = (this.#counter + 1) >>> 0;
    this.#a = (this.#b ^ (this.#b >>> 9)) >>> 0;
    this.#b = (this.#c + (this.#c << 3)) >>> 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) >>> 0;
    return drawn;
  }

  /** Draws a number from 0 (inclusive) to 1 (exclusive) with 53 random bits. */
  nextUnit(): number {
    const high = this.next32() >>> 5;
    const low = this.next32() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }
}
