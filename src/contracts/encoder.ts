/** Roles of the artifacts of a bundle that know intents and find passages by their meaning, and word nothing. */
export const ENCODER_ROLES: ReadonlySet<string> = new Set(['encoder', 'vectors', 'intent-vectors']);

/** A model that turns texts into vectors, which lie near each other when the texts mean something alike. */
export interface Encoder {
  /** Numbers of a vector. */
  readonly width: number;
  /** A vector of length 1 for a text; a long text is cut. Synchronous, some milliseconds for a question. */
  encode(text: string): Float32Array;
  dispose(): void;
}
