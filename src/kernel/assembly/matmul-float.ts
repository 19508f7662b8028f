import { highHalves, lowHalves, SCALE_RESCALE } from './half';
import { BF16, F16, F32 } from './tensor-types';

/*
 * F32, F16 and BF16, packed: for eight rows, column by column the eight numbers of the column, halves times 2^10 as scales are. Activations
 * are singles; with halves they are multiplied before, or products would be denormal.
 */

/** First four numbers of a column. */
// @ts-ignore: decorator
@inline
function firstRows(type: i32, p: usize): v128 {
  if (type == F32) return v128.load(p);
  if (type == F16) return lowHalves(v128.load(p));
  return i32x4.shl(i32x4.extend_low_i16x8_u(v128.load(p)), 16);
}

/** Last four numbers of a column. */
// @ts-ignore: decorator
@inline
function lastRows(type: i32, p: usize): v128 {
  if (type == F32) return v128.load(p, 16);
  if (type == F16) return highHalves(v128.load(p));
  return i32x4.shl(i32x4.extend_high_i16x8_u(v128.load(p)), 16);
}

/**
 * One token against one group of eight rows; even and odd columns are summed apart.
 *
 * @param type - A constant.
 * @param x - Singles, `columns` of them, an even number.
 */
// @ts-ignore: decorator
@inline
export function floatRows(type: i32, w: usize, columns: i32, x: usize, out: usize): void {
  const step: usize = type == F32 ? 32 : 16;
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let p = w;
  for (let end = x + (<usize>columns << 2); x < end; x += 8) {
    let even = v128.load32_splat(x);
    let odd = v128.load32_splat(x, 4);
    if (type == F16) {
      even = f32x4.mul(even, f32x4.splat(SCALE_RESCALE));
      odd = f32x4.mul(odd, f32x4.splat(SCALE_RESCALE));
    }
    a = f32x4.add(a, f32x4.mul(even, firstRows(type, p)));
    b = f32x4.add(b, f32x4.mul(even, lastRows(type, p)));
    c = f32x4.add(c, f32x4.mul(odd, firstRows(type, p + step)));
    d = f32x4.add(d, f32x4.mul(odd, lastRows(type, p + step)));
    p += 2 * step;
  }
  a = f32x4.add(a, c);
  b = f32x4.add(b, d);
  v128.store(out, a);
  v128.store(out, b, 16);
}

/** Whether activations of this type's products are singles. */
// @ts-ignore: decorator
@inline
export function isFloat(type: i32): bool {
  return type == F32 || type == F16 || type == BF16;
}
