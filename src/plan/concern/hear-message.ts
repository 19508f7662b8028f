import type { HeardMessage } from './concern.ts';
import { findConcern } from './find-concern.ts';
import { withoutInsults } from './insult-language.ts';

export { answerConcern } from './answer-concern.ts';

/** Hears what no page answers, and what is left to ask them. */
export function hearMessage(text: string): HeardMessage {
  const concern = findConcern(text);
  return { concern, question: concern === null ? withoutInsults(text) : text };
}
