import type { Encoder } from '../contracts/encoder.ts';

type TextEncoding = Omit<Encoder, 'dispose'>;

/** A question goes through intents, search and clauses in one turn. */
const KEPT = 16;

/** An encoder that keeps the vectors of the last texts: what is asked for twice in a turn is computed once. */
export function rememberVectors(encoder: TextEncoding): TextEncoding {
  const known = new Map<string, Float32Array>();
  return {
    ...encoder,
    encode(text) {
      const vector = known.get(text) ?? encoder.encode(text);
      // The latest stands last.
      known.delete(text);
      known.set(text, vector);
      if (known.size > KEPT) known.delete(known.keys().next().value ?? '');
      return vector;
    },
  };
}
