/**
 * Random numbers from a seed (sfc32, public domain; https://pracrand.sourceforge.net/RNG_engines.txt): the same seed gives
 * the same model on every machine.
 *
 * @param {string} seed
 * @returns {{word: () => number, unit: () => number, normal: () => number}} 32 random bits, a number in [0, 1), and one of the
 *   standard normal distribution, cut at ±4.
 */
export function randomFrom(seed) {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let count = 1;
  const word = () => {
    const sum = (((a + b) | 0) + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (const character of seed) {
    a = (a ^ Math.imul(character.codePointAt(0) ?? 0, 0x85ebca6b)) | 0;
    word();
  }
  for (let at = 0; at < 16; at += 1) word();
  const unit = () => word() / 2 ** 32;
  const normal = () => {
    const radius = Math.sqrt(-2 * Math.log(1 - unit()));
    return Math.max(-4, Math.min(4, radius * Math.cos(2 * Math.PI * unit())));
  };
  return { word, unit, normal };
}
