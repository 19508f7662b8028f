import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { guessLanguage } from '../../src/text/guess-language.ts';
import type { JsonLine } from '../evaluation/question-set.ts';
import { readJsonLines } from '../evaluation/question-set.ts';
import { decodeText } from '../ingest/decode-text.ts';
import { sourceError } from '../ingest/source-error.ts';
import type { AskedQuestion } from './find-gaps.ts';

/** Longer messages are cut: what is asked stands at their beginning. */
const MAX_LENGTH = 300;
const MAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu;
/** Phone, card and account numbers; order numbers with letters are longer than amounts and dates too. */
const NUMBER = /\+?\d(?:[\s().-]?\d){7,}|\b[A-Z]{1,4}-?\d{5,}\b/gu;
const NO_QUESTION = /^[\p{P}\p{S}\s\d]*$/u;

/**
 * Reads messages that visitors left: the bodies that an `outbox` address was sent, one a line, or as a JSON list. What was asked before
 * a message counts as well. Contacts are not read; addresses and long numbers in texts are masked.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file and line.
 */
export function readOutbox(path: string): readonly AskedQuestion[] {
  const lines = readList(path) ?? readJsonLines(path, 'outbox file');
  return lines.flatMap(({ value, place }) => {
    const { text, transcript = [] } = value;
    if (typeof text !== 'string')
      throw sourceError(place, '"text" is missing: this is no message of an outbox');
    if (!Array.isArray(transcript)) throw sourceError(place, '"transcript" is no list');
    const exchanges: readonly unknown[] = transcript;
    const asked = exchanges.flatMap((exchange) => {
      const question = isRecord(exchange) ? exchange['question'] : null;
      return typeof question === 'string' ? [question] : [];
    });
    const said = [...asked, text].map(mask);
    return said.flatMap((question, at): AskedQuestion[] =>
      NO_QUESTION.test(question)
        ? []
        : [
            {
              question,
              language: guessLanguage(question, 'en'),
              origin: 'outbox',
              history: said.slice(0, at).filter((before) => !NO_QUESTION.test(before)),
            },
          ],
    );
  });
}

function mask(text: string): string {
  return text.slice(0, MAX_LENGTH).replace(/\s+/g, ' ').replace(MAIL, '…').replace(NUMBER, '…').trim();
}

/** The messages of a file that is one JSON list; null for JSONL, and for what is neither. */
function readList(path: string): readonly JsonLine[] | null {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UnderstudyError('cli/not-found', `The outbox file "${path}" does not exist.`, {
      facts: { path },
    });
  const file = basename(path);
  let value: unknown;
  try {
    value = JSON.parse(decodeText(readFileSync(path), file).replace(/^\ufeff/, ''));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!Array.isArray(value)) return null;
  const rows: readonly unknown[] = value;
  return rows.map((row, at) => {
    if (!isRecord(row)) throw sourceError({ file }, `message ${at + 1} is no object`);
    return { value: row, place: { file } };
  });
}
