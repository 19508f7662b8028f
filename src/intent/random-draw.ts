/** Draws numbers that are the same every time. */
export interface RandomDraw {
  /** In [0, 1). */
  share(): number;
  /** Of the standard normal distribution (Box and Muller 1958). */
  normal(): number;
  /** Puts a list into another order. */
  shuffle(list: Uint32Array): void;
}

/** Makes a {@link RandomDraw} by the generator mulberry32. */
export function createDraw(seed: number): RandomDraw {
  let state = Math.imul(seed, 0x9e3779b9) >>> 0;
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  return {
    share,
    normal: () => Math.sqrt(-2 * Math.log(1 - share())) * Math.cos(2 * Math.PI * share()),
    shuffle: (list) => {
      for (let at = list.length - 1; at > 0; at--) {
        const other = Math.floor(share() * (at + 1));
        const held = list[at] ?? 0;
        list[at] = list[other] ?? 0;
        list[other] = held;
      }
    },
  };
}
