/** Ids of the kinds of metadata values, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. */
export const VALUE_TYPES = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
} as const;

/** Bytes of a value by its kind; for texts and lists the fewest, which are those of an empty one. */
export const LEAST_BYTES: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8];

/** Reads a value of fixed size; null for texts, lists and unknown kinds. 64-bit integers are rounded to doubles. */
export function readFixed(view: DataView, type: number, at: number): number | boolean | null {
  switch (type) {
    case VALUE_TYPES.u8:
      return view.getUint8(at);
    case VALUE_TYPES.i8:
      return view.getInt8(at);
    case VALUE_TYPES.u16:
      return view.getUint16(at, true);
    case VALUE_TYPES.i16:
      return view.getInt16(at, true);
    case VALUE_TYPES.u32:
      return view.getUint32(at, true);
    case VALUE_TYPES.i32:
      return view.getInt32(at, true);
    case VALUE_TYPES.f32:
      return view.getFloat32(at, true);
    case VALUE_TYPES.bool:
      return view.getUint8(at) !== 0;
    case VALUE_TYPES.u64:
      return Number(view.getBigUint64(at, true));
    case VALUE_TYPES.i64:
      return Number(view.getBigInt64(at, true));
    case VALUE_TYPES.f64:
      return view.getFloat64(at, true);
    default:
      return null;
  }
}
