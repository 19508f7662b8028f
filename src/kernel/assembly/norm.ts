import { sum4 } from './math';

/** x / rms(x) · weight; Zhang and Sennrich, 2019. `n` is a multiple of 4. */
export function rmsNorm(x: usize, weight: usize, n: i32, epsilon: f32, to: usize): void {
  let squares = f32x4.splat(0);
  const bytes = <usize>n << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const v = v128.load(x + i);
    squares = f32x4.add(squares, f32x4.mul(v, v));
  }
  const scale = f32x4.splat(1.0 / sqrt<f32>(sum4(squares) / <f32>n + epsilon));
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(to + i, f32x4.mul(f32x4.mul(v128.load(x + i), scale), v128.load(weight + i)));
  }
}

/** (x − mean) / deviation · weight + bias. `to` may be `x`. */
export function layerNorm(x: usize, weight: usize, bias: usize, n: i32, epsilon: f32, to: usize): void {
  const bytes = <usize>n << 2;
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) sum = f32x4.add(sum, v128.load(x + i));
  const mean = f32x4.splat(sum4(sum) / <f32>n);
  let squares = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const v = f32x4.sub(v128.load(x + i), mean);
    squares = f32x4.add(squares, f32x4.mul(v, v));
  }
  const scale = f32x4.splat(1.0 / sqrt<f32>(sum4(squares) / <f32>n + epsilon));
  for (let i: usize = 0; i < bytes; i += 16) {
    const v = f32x4.mul(f32x4.mul(f32x4.sub(v128.load(x + i), mean), scale), v128.load(weight + i));
    v128.store(to + i, f32x4.add(v, v128.load(bias + i)));
  }
}

/** to += from. */
export function addTo(to: usize, from: usize, n: i32): void {
  for (let i: usize = 0, bytes = <usize>n << 2; i < bytes; i += 16) {
    v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
  }
}
