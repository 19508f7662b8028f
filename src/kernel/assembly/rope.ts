import { readHalf, toHalf } from './half';
import { keysAt, PAGE } from './cache';
import { Model } from './model';

/*
 * Rotary position embeddings (Su et al., 2021). Angles are computed in doubles by functions that are compiled in: every engine gives the
 * same bits.
 */

/** Writes `[ropeWidth / 2]` pairs (cos, sin) of the angles of a position, which may be negative. */
export function writeAngles(m: Model, position: i32, to: usize): void {
  const half = m.ropeWidth >> 1;
  for (let i = 0; i < half; i++) {
    let frequency = NativeMath.pow(<f64>m.ropeBase, (-2.0 * <f64>i) / <f64>m.ropeWidth) / <f64>m.ropeScale;
    if (m.ropeFactors != 0) frequency /= <f64>load<f32>(m.ropeFactors + (<usize>i << 2));
    const angle = <f64>position * frequency;
    store<f32>(to, <f32>NativeMath.cos(angle));
    store<f32>(to, <f32>NativeMath.sin(angle), 4);
    to += 8;
  }
}

/** Rotates `heads` heads of one position in place and multiplies all of them by `factor`. */
export function rotate(m: Model, at: usize, heads: i32, angles: usize, factor: f32): void {
  const half = <usize>(m.ropeWidth >> 1);
  const apart: usize = m.ropeHalves ? half << 2 : 4;
  const step: usize = m.ropeHalves ? 4 : 8;
  for (let h = 0; h < heads; h++) {
    const head = at + <usize>(h * m.headWidth) * 4;
    for (let i: usize = 0; i < half; i++) {
      const cos = load<f32>(angles + (i << 3));
      const sin = load<f32>(angles + (i << 3), 4);
      const p = head + i * step;
      const a = load<f32>(p);
      const b = load<f32>(p + apart);
      store<f32>(p, (a * cos - b * sin) * factor);
      store<f32>(p + apart, (a * sin + b * cos) * factor);
    }
    if (factor != 1.0) {
      for (let d = m.ropeWidth; d < m.headWidth; d++) {
        const p = head + (<usize>d << 2);
        store<f32>(p, load<f32>(p) * factor);
      }
    }
  }
}

/** Rotates the cached key of a position by the given angles: after older positions were dropped. */
export function rotateCached(m: Model, position: i32, angles: usize): void {
  const half = <usize>(m.ropeWidth >> 1);
  const apart: usize = m.ropeHalves ? half << 4 : 16;
  const step: usize = m.ropeHalves ? 16 : 32;
  const headStep = <usize>(m.headWidth * PAGE * 2);
  for (let layer = 0; layer < m.layers; layer++) {
    const block = keysAt(m, layer, position) + (((<usize>position >> 3) & 7) * m.headWidth << 4) + ((<usize>position & 7) << 1);
    for (let h: usize = 0; h < <usize>m.keyHeads; h++) {
      for (let i: usize = 0; i < half; i++) {
        const cos = load<f32>(angles + (i << 3));
        const sin = load<f32>(angles + (i << 3), 4);
        const p = block + headStep * h + i * step;
        const a = readHalf(p);
        const b = readHalf(p + apart);
        store<u16>(p, <u16>toHalf(a * cos - b * sin));
        store<u16>(p + apart, <u16>toHalf(a * sin + b * cos));
      }
    }
  }
}

/** Moves keys and values of one position of all layers to another position, unrotated. */
export function movePosition(m: Model, from: i32, to: i32): void {
  const headStep = <usize>(m.headWidth * PAGE * 2);
  const size = <usize>m.keyHeads * headStep;
  for (let layer = 0; layer < m.layers; layer++) {
    const source = keysAt(m, layer, from);
    const target = keysAt(m, layer, to);
    const k0 = source + (((<usize>from >> 3) & 7) * m.headWidth << 4) + ((<usize>from & 7) << 1);
    const k1 = target + (((<usize>to >> 3) & 7) * m.headWidth << 4) + ((<usize>to & 7) << 1);
    const v0 = source + size + ((<usize>from & 63) << 4);
    const v1 = target + size + ((<usize>to & 63) << 4);
    for (let h: usize = 0; h < <usize>m.keyHeads; h++) {
      for (let d: usize = 0; d < <usize>m.headWidth; d++) {
        store<u16>(k1 + headStep * h + (d << 4), load<u16>(k0 + headStep * h + (d << 4)));
      }
      for (let d: usize = 0; d < <usize>(m.headWidth >> 3); d++) {
        v128.store(v1 + headStep * h + (d << 10), v128.load(v0 + headStep * h + (d << 10)));
      }
    }
  }
}
