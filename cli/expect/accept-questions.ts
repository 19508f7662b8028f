import { cleanLine } from '../ingest/clean-text.ts';

/** Most questions of one passage. */
export const MAX_EXPECTED = 32;
const LEAST_LENGTH = 3;
const MOST_LENGTH = 200;
/** What models put before a line of a list. */
const BULLET = /^(?:[-*•·]|\(?\d{1,2}[.):、）]|Q\d{0,2}[.:：])\s*/iu;
const QUOTES = /^["'“”„«「『]+|["'“”»」』]+$/gu;
const ADDRESS = /https?:\/\/|www\./i;

/**
 * Keeps what may be a question of a visitor: one line of 3 to 200 UTF-16 units with a letter and no address, each once whatever its
 * case. Numbers, bullets and quotation marks around it are taken off.
 * @param most - How many are kept, the first ones.
 */
export function acceptQuestions(lines: readonly string[], most: number = MAX_EXPECTED): string[] {
  const kept = new Map<string, string>();
  for (const line of lines) {
    const question = cleanLine(line).replace(BULLET, '').replace(QUOTES, '').trim();
    if (question.length < LEAST_LENGTH || question.length > MOST_LENGTH) continue;
    if (!/\p{L}/u.test(question) || ADDRESS.test(question)) continue;
    const key = question.toLowerCase();
    if (!kept.has(key)) kept.set(key, question);
  }
  return [...kept.values()].slice(0, most);
}
