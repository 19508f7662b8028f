import { toHalf } from './half';
import { Model } from './model';

/*
 * Keys and values of the positions read so far, as halves, in pages of 64 positions. A page holds for each layer its keys
 * `[key head][8 blocks][dimension][8 positions]`, then its values `[key head][dimension / 8][64 positions][8 dimensions]`: what the
 * attention reads next always lies next. Halves below 2^-14 are kept as zero.
 */

export const PAGE: i32 = 64;

/** Bytes of the keys, and of the values, of one layer in a page. */
// @ts-ignore: decorator
@inline
export function layerBytes(m: Model): usize {
  return <usize>(m.keyHeads * m.headWidth * PAGE * 2);
}

/** Bytes of a page. */
export function pageBytes(m: Model): usize {
  return layerBytes(m) * 2 * m.layers;
}

/** Address of the keys of a layer in the page of `position`. */
// @ts-ignore: decorator
@inline
export function keysAt(m: Model, layer: i32, position: i32): usize {
  return load<usize>(m.pageTable + ((<usize>position >> 6) << 2)) + layerBytes(m) * 2 * layer;
}

/** Stores the keys of one position: `[keyHeads][headWidth]` singles. */
export function storeKeys(m: Model, layer: i32, position: i32, from: usize): void {
  const at = keysAt(m, layer, position) + (((<usize>position >> 3) & 7) * m.headWidth << 4) + ((<usize>position & 7) << 1);
  const headStep = <usize>(m.headWidth * PAGE * 2);
  for (let h: usize = 0; h < <usize>m.keyHeads; h++) {
    for (let d: usize = 0; d < <usize>m.headWidth; d++) {
      store<u16>(at + headStep * h + (d << 4), <u16>toHalf(load<f32>(from)));
      from += 4;
    }
  }
}

/** Stores the values of one position. */
export function storeValues(m: Model, layer: i32, position: i32, from: usize): void {
  const at = keysAt(m, layer, position) + layerBytes(m) + ((<usize>position & 63) << 4);
  const headStep = <usize>(m.headWidth * PAGE * 2);
  for (let h: usize = 0; h < <usize>m.keyHeads; h++) {
    for (let d: usize = 0; d < <usize>m.headWidth; d++) {
      store<u16>(at + headStep * h + ((d >> 3) << 10) + ((d & 7) << 1), <u16>toHalf(load<f32>(from)));
      from += 4;
    }
  }
}
