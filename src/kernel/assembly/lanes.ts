/** Adds neighbouring lanes of two vectors: (a0+a1, a2+a3, b0+b1, b2+b3). */
// @ts-ignore: decorator
@inline
export function joinPairs(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}
