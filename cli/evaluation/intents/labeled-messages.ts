import { basename } from 'node:path';
import { NONE_INTENT } from '../../../src/contracts/intent.ts';
import { sourceError } from '../../ingest/source-error.ts';
import { readRecords } from '../../knowledge/read-records.ts';

/** A message with the intent it was said with. */
export interface LabeledMessage {
  readonly text: string;
  /** Id of the intent; `none` for a message that is out of scope. */
  readonly label: string;
  readonly language: string;
}

/** What public sets call a message that is none of their intents. */
const OUT_OF_SCOPE: ReadonlySet<string> = new Set([NONE_INTENT, 'oos', 'NO_NODES_DETECTED']);

/**
 * Reads labeled messages: JSONL of {text, label, lang, oos}, or CSV with the columns `text` and `label` (`category` and `intent` are
 * taken too). Rows with `oos: true`, or the label `oos`, `none` or `NO_NODES_DETECTED`, are out of scope.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file and line.
 */
export function readLabeledMessages(path: string): LabeledMessage[] {
  const file = basename(path);
  const messages = readRecords(path).map(({ value, line }): LabeledMessage => {
    const place = line === null ? { file } : { file, line };
    const { text, lang, oos } = value;
    const label = value['label'] ?? value['category'] ?? value['intent'];
    if (typeof text !== 'string') throw sourceError(place, '"text" is missing');
    const isOut = oos === true || oos === 'true' || (typeof label === 'string' && OUT_OF_SCOPE.has(label));
    if (!isOut && (typeof label !== 'string' || label === '')) throw sourceError(place, '"label" is missing');
    return {
      text,
      label: isOut || typeof label !== 'string' ? NONE_INTENT : label,
      language: typeof lang === 'string' ? lang : 'en',
    };
  });
  if (messages.length > 0) return messages;
  throw sourceError({ file }, 'it holds no message');
}
