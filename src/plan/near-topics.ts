import type { Passage } from '../contracts/passage.ts';
import type { RankedPassage, Retriever } from '../contracts/retrieval.ts';

/** Topics offered at once. */
const MOST_TOPICS = 3;
/** Longest name of a topic, in UTF-16 units: what fits a line or two of a phone. */
const MAX_LENGTH = 90;
/** Under this confidence the best passages have nothing to do with the question, more often than not. */
const LEAST_CONFIDENCE = 0.12;

/**
 * Names what the pages do say near a question that they do not answer: at most three topics of different documents, nearest first. Each is a
 * question that the pages answer out of that document, so that who asks it is not refused again.
 *
 * @param ranked - What was found for the question, best first.
 * @param confidence - Of that search, in [0, 1].
 */
export function nearTopics(
  retriever: Pick<Retriever, 'search'>,
  ranked: readonly RankedPassage[],
  confidence: number,
  language: string,
): readonly string[] {
  const topics: string[] = [];
  if (confidence < LEAST_CONFIDENCE) return topics;
  const seen = new Set<string>();
  for (const { passage } of ranked) {
    if (topics.length === MOST_TOPICS) break;
    if (seen.has(passage.documentId)) continue;
    seen.add(passage.documentId);
    const topic = namesOf(passage).find((name) => {
      const { ranked: found, isAnswerable } = retriever.search(name, { language, limit: 1 });
      return isAnswerable && found[0]?.passage.documentId === passage.documentId;
    });
    if (topic !== undefined && !topics.includes(topic)) topics.push(topic);
  }
  return topics;
}

/** What a passage may be asked for with, the closest first. */
function namesOf({ questions, headings, title }: Passage): readonly string[] {
  const heading = headings.at(-1);
  const names = [questions[0] ?? '', heading === undefined ? '' : `${title}: ${heading}`, title];
  return names.filter((name) => name.trim() !== '' && name.length <= MAX_LENGTH);
}
