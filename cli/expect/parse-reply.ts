import { isRecord, isStringArray } from '../../src/contracts/json.ts';
import { acceptQuestions } from './accept-questions.ts';

/** Longest reply that is read, in UTF-16 units. */
const MAX_REPLY_LENGTH = 20_000;

/**
 * Reads the questions out of a model's reply: a JSON list of texts, also inside of a fence, of an object or of talk, and one that was cut
 * off within a text; else its lines that end with a question mark.
 * @returns At most `most`; none where there is nothing of the kind.
 */
export function parseReply(reply: string, most: number): string[] {
  const text = reply.slice(0, MAX_REPLY_LENGTH);
  const listed = parseList(text) ?? text.split('\n').filter((line) => /[?？]["'”」]?\s*$/.test(line));
  return acceptQuestions(listed, most);
}

/** Reads a list of numbers out of a model's reply, also inside of a fence or of talk; null where there is none. */
export function parseNumbers(reply: string): readonly number[] | null {
  const text = reply.slice(0, MAX_REPLY_LENGTH);
  for (const [list] of text.matchAll(/\[[\d,\s]*\]/g)) {
    const value = parseJson(list);
    if (Array.isArray(value)) return value.filter((entry) => typeof entry === 'number');
  }
  return null;
}

/** The first list of texts of a reply; null when there is none. */
function parseList(text: string): readonly string[] | null {
  const end = text.lastIndexOf(']');
  for (let start = text.indexOf('['); start >= 0 && start < end; start = text.indexOf('[', start + 1)) {
    const value = parseJson(text.slice(start, end + 1));
    if (!Array.isArray(value)) continue;
    const texts = value.map((entry: unknown) => (isRecord(entry) ? entry['question'] : entry));
    return isStringArray(texts) ? texts : null;
  }
  return parseCutList(text);
}

/** What is whole of a list of texts that ends within one of them. */
function parseCutList(text: string): readonly string[] | null {
  const start = text.indexOf('[');
  const whole = start < 0 ? -1 : text.lastIndexOf('",');
  const value = whole < start ? null : parseJson(`${text.slice(start, whole + 1)}]`);
  return isStringArray(value) ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
