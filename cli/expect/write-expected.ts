import type { Passage } from '../../src/contracts/passage.ts';
import { appendToFile, writeFileWhole } from '../build/write-file.ts';
import type { FetchServices } from '../fetch/fetch-services.ts';
import { acceptQuestions } from './accept-questions.ts';
import { askChat, tokensFor } from './chat-endpoint.ts';
import type { ChatEndpoint } from './chat-endpoint.ts';
import { readEarlierRows } from './earlier-rows.ts';
import { digestPassage, formatExpectedRow, readExpectedRows } from './expected-rows.ts';
import type { ExpectedRow } from './expected-rows.ts';
import { parseReply } from './parse-reply.ts';
import { questionPrompt } from './question-prompt.ts';
import { workOff } from './work-off.ts';

/** Options of {@link writeExpected}. */
export interface WriteExpectedOptions {
  /** The file; what it holds already is not asked again. */
  readonly out: string;
  readonly endpoint: ChatEndpoint;
  /** Questions asked for of each passage; of near misses, of each page. */
  readonly count: number;
  /** Requests at a time. */
  readonly parallel: number;
  /** Passages, or pages, asked about in this run at most. */
  readonly most: number;
  /** Asks also about passages that have questions, but fewer than `count`: for those that are missing. Default false. */
  readonly isAddingMore?: boolean;
  readonly services: FetchServices;
}

/** What a run came to; for near misses, pages stand in place of passages. */
export interface WrittenExpected {
  /** Passages that were asked about. */
  readonly asked: number;
  /** Passages that an earlier run had already. */
  readonly kept: number;
  /** Passages whose reply held no question that was not there; the next run asks again. */
  readonly empty: number;
  /** Passages left for another run. */
  readonly left: number;
  /** Questions in the file. */
  readonly questions: number;
}

/**
 * Asks a model for the questions of all passages that the file lacks, or that have too few. Every reply is written at once, so that an interrupted run goes on
 * where it was; at the end the file holds one row a passage, in order, then those that people wrote.
 *
 * @throws UnderstudyError `cli/endpoint-*`, `cli/write-failed`, `cli/source-invalid` for a file that is none; the signal's reason when aborted.
 */
export async function writeExpected(
  passages: readonly Passage[],
  options: WriteExpectedOptions,
): Promise<WrittenExpected> {
  const { out, endpoint, count, services } = options;
  const rows = new Map<string, ExpectedRow>();
  const byPeople: ExpectedRow[] = [];
  for (const row of readEarlierRows(out, readExpectedRows)) {
    if (row.passage === '') byPeople.push(row);
    else rows.set(`${row.document} ${row.passage}`, row);
  }
  const keyOf = (passage: Passage): string => `${passage.documentId} ${digestPassage(passage)}`;
  const enough = options.isAddingMore === true ? count : 1;
  const earlier = (passage: Passage): readonly string[] => rows.get(keyOf(passage))?.questions ?? [];
  const lacking = passages.filter((passage) => earlier(passage).length < enough);
  let [asked, empty] = [0, 0];
  await workOff(lacking.slice(0, options.most), options.parallel, async (passage) => {
    services.signal.throwIfAborted();
    const known = earlier(passage);
    const wanted = count - known.length;
    const messages = questionPrompt(passage, wanted, known);
    const reply = await askChat(endpoint, messages, tokensFor(wanted), services);
    const questions = acceptQuestions([...known, ...parseReply(reply, wanted)]);
    asked += 1;
    if (questions.length === known.length) empty += 1;
    else {
      const { documentId, headings } = passage;
      const row = { document: documentId, headings, passage: digestPassage(passage), questions };
      rows.set(keyOf(passage), row);
      appendToFile(out, formatExpectedRow(row));
    }
    services.onProgress(`${asked} of ${Math.min(lacking.length, options.most)} passages`);
  });
  const inOrder = [...new Set(passages.map(keyOf))].flatMap((key) => {
    const row = rows.get(key);
    return row === undefined ? [] : [row];
  });
  // What is to be asked again, but was not yet, keeps what was written for it as it was.
  const isWhole = asked === lacking.length && passages.every((passage) => rows.has(keyOf(passage)));
  const keys = new Set(passages.map(keyOf));
  const documents = new Set(passages.map(({ documentId }) => documentId));
  const stale = isWhole
    ? []
    : [...rows].filter(([key, row]) => !keys.has(key) && documents.has(row.document));
  const all = [...inOrder, ...stale.map(([, row]) => row), ...byPeople];
  if (all.length > 0) writeFileWhole(out, all.map(formatExpectedRow).join(''));
  return {
    asked,
    kept: passages.length - lacking.length,
    empty,
    left: lacking.length - asked,
    questions: all.reduce((sum, { questions }) => sum + questions.length, 0),
  };
}
