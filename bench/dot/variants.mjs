/**
 * Ways to multiply full 8-bit weights with 8-bit activations, as AssemblyScript: one token against eight rows at a time, 32
 * columns a scale, in the kernel's layout. Unrolled like the kernel's own loops.
 */

const COLUMNS = [0, 1, 2, 3, 4, 5, 6, 7];

const block = (first, lines, last) => ({ first, lines, last });

/** Name → what is declared for a block, what is done for each four columns, and the integer sums of rows 0–3 and 4–7. */
const WAYS = {
  // Chosen where four bytes are not multiplied in one instruction, and for plain SIMD128.
  widened: block(
    ['a', 'b', 'c', 'd'],
    (j) => `
      X = v128.load64_splat(x16, ${8 * j});
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, ${32 * j}), X));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, ${32 * j + 8}), X));
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, ${32 * j + 16}), X));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, ${32 * j + 24}), X));`,
    ['join(a, b)', 'join(c, d)'],
  ),
  // Two dots over halves: weights plus 128 as two nibbles.
  'two halves': block(
    ['a', 'b', 'c', 'd'],
    (j) => `
      X = v128.load32_splat(x8, ${4 * j});
      W = v128.xor(v128.load(p, ${32 * j}), flip);
      a = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.and(W, low), a);
      b = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.and(i16x8.shr_u(W, 4), low), b);
      W = v128.xor(v128.load(p, ${32 * j + 16}), flip);
      c = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.and(W, low), c);
      d = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.and(i16x8.shr_u(W, 4), low), d);`,
    ['i32x4.add(a, i32x4.shl(b, 4))', 'i32x4.add(c, i32x4.shl(d, 4))'],
  ),
  // Activations parted by sign: both parts fit seven bits.
  'two signs': block(
    ['a', 'b'],
    (j) => `
      X = v128.load32_splat(xPositive, ${4 * j});
      Y = v128.load32_splat(xNegative, ${4 * j});
      W = v128.load(p, ${32 * j});
      a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.sub(i16x8.relaxed_dot_i8x16_i7x16_s(W, X), i16x8.relaxed_dot_i8x16_i7x16_s(W, Y)), ones));
      W = v128.load(p, ${32 * j + 16});
      b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.sub(i16x8.relaxed_dot_i8x16_i7x16_s(W, X), i16x8.relaxed_dot_i8x16_i7x16_s(W, Y)), ones));`,
    ['a', 'b'],
  ),
  // Signed weights, activations of seven bits plus 64.
  '7-bit activations': block(
    ['a', 'b'],
    (j) => `
      X = v128.load32_splat(x7, ${4 * j});
      a = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(p, ${32 * j}), X, a);
      b = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(p, ${32 * j + 16}), X, b);`,
    ['a', 'b'],
  ),
  // What a processor with a lossless dot of four bytes does; elsewhere its numbers are wrong and only its time counts.
  'one quad': block(
    ['a', 'b'],
    (j) => `
      X = v128.load32_splat(x8, ${4 * j});
      a = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, ${32 * j}), flip), a);
      b = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, ${32 * j + 16}), flip), b);`,
    ['a', 'b'],
  ),
};

export const WAY_NAMES = Object.keys(WAYS);

/** Names of exported functions cannot hold spaces. */
export const exportName = (way) => way.replaceAll(/[^a-z0-9]/g, '_').replace(/^(\d)/, '_$1');

const HEAD = `
// @ts-ignore: decorator
@inline function join(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}
// @ts-ignore: decorator
@inline function half(h: v128): v128 {
  return v128.and(i32x4.shl(i32x4.extend_low_i16x8_s(h), 13), i32x4.splat(0x8fffe000));
}`;

/** @returns {string} A module with one function a way: (weights, groups of rows, blocks, activations, scales, out). */
export function assemblyText() {
  const functions = WAY_NAMES.map((way) => {
    const { first, lines, last } = WAYS[way];
    return `
export function ${exportName(way)}(w: usize, groups: i32, blocks: i32, x: usize, xs: usize, out: usize): void {
  const flip = i8x16.splat(<i8>0x80);
  const low = i8x16.splat(15);
  const ones = i16x8.splat(1);
  for (let g = 0; g < groups; g++) {
    let A = f32x4.splat(0);
    let B = A;
    for (let n: usize = 0; n < <usize>blocks; n++) {
      const p = w + 16;
      const x8 = x + (n << 5);
      const xPositive = x8 + 65536;
      const xNegative = x8 + 131072;
      const x7 = x8 + 196608;
      const x16 = x + 262144 + (n << 6);
      ${first.map((name) => `let ${name} = i32x4.splat(0);`).join(' ')}
      let X: v128; let Y: v128; let W: v128;
      ${COLUMNS.map(lines).join('')}
      const s = v128.load(w);
      const f = v128.load32_splat(xs + (n << 2));
      A = f32x4.add(A, f32x4.mul(f32x4.convert_i32x4_s(${last[0]}), f32x4.mul(half(s), f)));
      B = f32x4.add(B, f32x4.mul(f32x4.convert_i32x4_s(${last[1]}), f32x4.mul(half(v128.shuffle<i32>(s, s, 2, 3, 2, 3)), f)));
      w += 272;
    }
    v128.store(out, A);
    v128.store(out, B, 16);
    out += 32;
  }
}`;
  });
  return HEAD + functions.join('\n');
}
