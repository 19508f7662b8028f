/** Roles of the artifacts of a bundle that know intents and find passages by their meaning, and word nothing. */
export const ENCODER_ROLES: ReadonlySet<string> = new Set(['encoder', 'vectors', 'intent-vectors']);

/** A model that turns texts into vectors, which lie near each other when the texts mean something alike. */
export interface Encoder {
  /** Numbers of a vector. */
  readonly width: number;
  /** A vector of length 1 for a text; a long text is cut. Synchronous, some milliseconds for a question. */
  encode(text: string): Float32Array;
  /**
   * Copies vectors to where comparing with all of them at once is fast. Absent where there is no such place.
   * @param rows - `[count][width]` signed bytes.
   * @returns What gives the inner products of a vector and each row; what it holds goes with it.
   * @throws UnderstudyError `engine/out-of-memory`.
   */
  readonly holdRows?: (rows: Int8Array) => Promise<(vector: Float32Array) => Float32Array>;
  dispose(): void;
}
