import type { Encoder } from '../contracts/encoder.ts';
import type { Passage } from '../contracts/passage.ts';
import { joinMessageSense, type MessageSense } from '../intent/message-sense.ts';
import { joinSense, type PassageSense } from '../retrieval/passage-sense.ts';
import { parsePassageVectors } from '../retrieval/passage-vectors.ts';
import { rememberVectors } from './remember-vectors.ts';

/** What an encoder says of questions: which passages, and which intents, they are like. */
export interface Senses {
  readonly passages: PassageSense;
  /** Null where the bundle has no vectors of intents. */
  readonly messages: MessageSense | null;
}

/** The parts of a bundle that its encoder works with. */
export interface SenseArtifacts {
  readonly passages: readonly Passage[];
  readonly passageVectors: Uint8Array;
  readonly intentModel: Uint8Array;
  /** Null where the bundle has none: it was built without intents. */
  readonly intentVectors: Uint8Array | null;
}

/**
 * Joins an encoder and what it made of a bundle's passages and intents.
 * @throws UnderstudyError `bundle/artifact-invalid` for damaged vectors or those of another encoder, passages or intents,
 *   `bundle/version-unsupported`.
 */
export async function openSenses(encoder: Encoder, artifacts: SenseArtifacts): Promise<Senses> {
  const { passages, passageVectors, intentModel, intentVectors } = artifacts;
  const remembering = rememberVectors(encoder);
  return {
    passages: await joinSense(remembering, parsePassageVectors(passageVectors, passages)),
    messages: intentVectors === null ? null : joinMessageSense(remembering, intentVectors, intentModel),
  };
}
