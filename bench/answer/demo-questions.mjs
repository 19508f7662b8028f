import { readFile } from 'node:fs/promises';
import { spread } from '../statistics.mjs';

const file = new URL('../../test/fixtures/demo-questions.jsonl', import.meta.url);

/**
 * Questions about the demo company that its help pages answer, evenly spread over the set.
 *
 * @param {{count?: number, language?: 'en' | 'zh'}} [options] Default: all, in both languages.
 * @returns {Promise<{id: string, question: string, lang: string}[]>}
 */
export async function demoQuestions({ count = Number.POSITIVE_INFINITY, language } = {}) {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  const all = lines.map((line) => JSON.parse(line));
  return spread(
    all.filter(({ answerable, lang }) => answerable && (language === undefined || lang === language)),
    count,
  );
}
