import type { Passage } from '../../src/contracts/passage.ts';
import type { Retriever } from '../../src/contracts/retrieval.ts';
import { appendToFile, writeFileWhole } from '../build/write-file.ts';
import { pagesOf } from '../ingest/pages-of.ts';
import { acceptQuestions } from './accept-questions.ts';
import { askChat, tokensFor } from './chat-endpoint.ts';
import { readEarlierRows } from './earlier-rows.ts';
import { answeredPrompt, nearMissPrompt } from './near-miss-prompt.ts';
import { digestPage, formatNearMissRow, MAX_NEAR_MISSES, readNearMissRows } from './near-miss-rows.ts';
import type { NearMissRow } from './near-miss-rows.ts';
import { parseNumbers, parseReply } from './parse-reply.ts';
import { workOff } from './work-off.ts';
import type { WriteExpectedOptions, WrittenExpected } from './write-expected.ts';

/** Passages of a page for which `count` near misses are asked; a longer page has more, as there is more that they may come near to. */
const PASSAGES_A_COUNT = 6;
/** Most that are asked for at once. */
const MOST_AT_ONCE = 32;
/** Passages that are looked at for each question, and for all of a page, when it is checked whether they answer. */
const PASSAGES_A_QUESTION = 3;
const MOST_PASSAGES = 16;

/**
 * Asks a model, page by page, for questions that come near to it and that no page answers, and once more which of them the passages that the
 * search finds do answer: those are dropped. Every page is written at once, so that an interrupted run goes on where it was; at the end the
 * file holds one row a page, in order, then those that people wrote. A page that has changed is asked about anew.
 *
 * @param retriever - Of all passages.
 * @throws UnderstudyError `cli/endpoint-*`, `cli/write-failed`, `cli/source-invalid` for a file that is none; the signal's reason when aborted.
 */
export async function writeNearMisses(
  passages: readonly Passage[],
  retriever: Pick<Retriever, 'search'>,
  options: WriteExpectedOptions,
): Promise<WrittenExpected> {
  const { out, endpoint, count, services } = options;
  const pages = pagesOf(passages);
  const digests = new Map([...pages].map(([document, page]) => [document, digestPage(page)]));
  const rows = new Map<string, NearMissRow>();
  const byPeople: NearMissRow[] = [];
  for (const row of readEarlierRows(out, readNearMissRows)) {
    if (row.page === '') byPeople.push(row);
    else if (digests.has(row.document)) rows.set(row.document, row);
  }
  const countOf = (document: string): number =>
    Math.min(
      MAX_NEAR_MISSES,
      Math.ceil(count * Math.max(1, (pages.get(document)?.length ?? 0) / PASSAGES_A_COUNT)),
    );
  const known = (document: string): readonly string[] => {
    const row = rows.get(document);
    return row?.page === digests.get(document) ? (row?.questions ?? []) : [];
  };
  const lacking = [...pages.keys()].filter(
    (document) => known(document).length < (options.isAddingMore === true ? countOf(document) : 1),
  );
  let [asked, empty] = [0, 0];
  await workOff(lacking.slice(0, options.most), options.parallel, async (document) => {
    services.signal.throwIfAborted();
    const page = pages.get(document) ?? [];
    const there = known(document);
    const titles = titlesBeside(page, pages);
    let questions = [...there];
    // A model that is asked for many at once repeats itself.
    for (let left = countOf(document) - there.length; left > 0; left -= MOST_AT_ONCE) {
      const wanted = Math.min(left, MOST_AT_ONCE);
      const messages = nearMissPrompt(page, titles, wanted, questions);
      const reply = await askChat(endpoint, messages, tokensFor(wanted), services);
      const drafted = await withoutAnswered(parseReply(reply, wanted), retriever, options);
      questions = acceptQuestions([...questions, ...drafted], MAX_NEAR_MISSES);
    }
    asked += 1;
    if (questions.length === there.length) empty += 1;
    else {
      const row = { document, page: digests.get(document) ?? '', questions };
      rows.set(document, row);
      appendToFile(out, formatNearMissRow(row));
    }
    services.onProgress(`${asked} of ${Math.min(lacking.length, options.most)} pages`);
  });
  const inOrder = [...pages.keys()].flatMap((document) => rows.get(document) ?? []);
  const all = [...inOrder, ...byPeople];
  if (all.length > 0) writeFileWhole(out, all.map(formatNearMissRow).join(''));
  return {
    asked,
    kept: pages.size - lacking.length,
    empty,
    left: lacking.length - asked,
    questions: all.reduce((sum, { questions }) => sum + questions.length, 0),
  };
}

/** Titles of the other pages in the language of a page. */
function titlesBeside(page: readonly Passage[], pages: ReturnType<typeof pagesOf>): readonly string[] {
  const others = [...pages.values()].filter((one) => one !== page && one[0]?.language === page[0]?.language);
  return [...new Set(others.flatMap(([first]) => first?.title ?? []))];
}

/** Drops the questions that passages answer by the word of a model; all of them where it does not say. */
async function withoutAnswered(
  questions: readonly string[],
  retriever: Pick<Retriever, 'search'>,
  { endpoint, services }: WriteExpectedOptions,
): Promise<readonly string[]> {
  if (questions.length === 0) return [];
  const found = questions.map((question) =>
    retriever.search(question, { limit: PASSAGES_A_QUESTION }).ranked.map(({ passage }) => passage),
  );
  // The best of each question come first, so that none is without.
  const inTurn = Array.from({ length: PASSAGES_A_QUESTION }, (_, place) =>
    found.flatMap((passages) => passages.slice(place, place + 1)),
  );
  const looked = [...new Set(inTurn.flat())].slice(0, MOST_PASSAGES);
  const reply = await askChat(endpoint, answeredPrompt(questions, looked), tokensFor(0), services);
  const answered = parseNumbers(reply);
  return answered === null ? [] : questions.filter((_, at) => !answered.includes(at + 1));
}
