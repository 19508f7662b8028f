import type { Passage } from '../contracts/passage.ts';
import type { ReadAhead } from '../contracts/retrieval.ts';
import { type MarkdownBlock, parseMarkdownBlocks } from '../text/markdown-blocks.ts';
import { normalizeText } from '../text/normalize-text.ts';
import { holdsPhrase, wordsForPhrases } from '../text/related-words.ts';
import { splitSentences } from '../text/split-sentences.ts';
import { answersHeld, blockShapes } from './answer-kinds.ts';
import { ANSWER_KINDS, questionForm } from './question-form.ts';
import type { SearchIndex } from './search-index.ts';
import { spelledWords } from './spelled-likeness.ts';
import { createTermReader } from './term-reader.ts';

/**
 * What the second look at a passage needs, in one list of numbers, so that those of all passages of a large site can be kept. Its parts
 * are the sentences, list items and table rows, then the head (title, headings and tags), then each question the owner wrote:
 *
 * - the number of sentences, of parts, and the shapes of its blocks;
 * - for each part, where its terms end, counted from the first of all;
 * - for each sentence, the kinds of span it holds; for each other part, how many different terms it has;
 * - for each question, the kind of answer it asks for: its place among the kinds + 1, 0 for none;
 * - the terms of all parts, in order, as numbers of the index;
 * - the words of the title, of each heading and of each question as they are spelled: how many, then each in two numbers of 16 bits.
 */
export type PassageProfile = Uint16Array | Uint32Array;

/** Where in a profile the first part's end stands. */
export const PROFILE_ENDS = 3;

/** The terms of a profile, in order. */
export function termsOf(profile: PassageProfile): PassageProfile {
  const [sentences = 0, parts = 0] = profile;
  const start = PROFILE_ENDS + 3 * parts - sentences - 1;
  return profile.subarray(start, start + (profile[PROFILE_ENDS + parts - 1] ?? 0));
}

/** The profiles of the passages of an index. */
export interface PassageProfiles {
  /** Gives that of a passage, and makes it where it is not kept. */
  readonly of: (number: number) => PassageProfile;
  /**
   * Makes profiles ahead of the questions, one passage after the other, as far as there is room.
   * @param mayGoOn - Asked before each passage.
   */
  readonly prepare: (mayGoOn: () => boolean) => ReadAhead;
}

/** Most that the kept profiles take, in bytes: those of 20,000 to 80,000 passages of spaced scripts, of 5,000 to 10,000 of others. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Share of it that is filled ahead. The rest is for the passages that are asked for, which drive out what was made first. */
const PREPARED_SHARE = 0.75;
/** What the browser adds to the numbers of a list, about, in bytes. */
const LIST_BYTES = 200;

function sentencesOf(blocks: readonly MarkdownBlock[]): string[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'paragraph') return splitSentences(block.text);
    if (block.kind === 'list') return block.items.map((item) => item.text);
    if (block.kind === 'table') return block.rows.map((row) => [...block.header, ...row.cells].join(' '));
    return [block.text];
  });
}

/** Titles and headings whose words are remembered. */
const MOST_SPELLED = 200;
const NONE = new Uint16Array(PROFILE_ENDS);

/** Opens the profiles of an index; they are made when a search first meets a passage, or before. */
export function createProfiles(
  index: SearchIndex,
  passages: readonly Passage[],
  mostBytes: number = MOST_BYTES,
): PassageProfiles {
  const read = createTermReader(index);
  const kept: (PassageProfile | undefined)[] = passages.map(() => undefined);
  /** Numbers of the passages whose profiles are kept, in the order in which they were made. */
  const order: number[] = [];
  // The passages of a document share their title and headings, and follow each other.
  const spelled = new Map<string, readonly number[]>();
  let bytes = 0;
  let next = 0;

  const spell = (text: string): readonly number[] => {
    let numbers = spelled.get(text);
    if (numbers === undefined) {
      const words = [...spelledWords(text)];
      numbers = [words.length, ...words.flatMap((word) => [word >>> 16, word & 0xffff])];
      if (spelled.size >= MOST_SPELLED) spelled.clear();
      spelled.set(text, numbers);
    }
    return numbers;
  };

  const makeProfile = ({ language, text, title, headings, tags, questions }: Passage): PassageProfile => {
    const blocks = parseMarkdownBlocks(text);
    const sentences = sentencesOf(blocks);
    const terms: number[] = [];
    const ends: number[] = [];
    const notes: number[] = [];
    // Few passages hold a turn of phrase; in the others no sentence is looked at for them. They are English.
    const hasPhrases = /^en\b/i.test(language) && holdsPhrase(normalizeText(text));
    for (const sentence of sentences) {
      read(sentence, language, terms);
      if (hasPhrases) read(wordsForPhrases(normalizeText(sentence)), 'en', terms);
      ends.push(terms.length);
      notes.push(answersHeld(sentence));
    }
    for (const part of [[title, ...headings, ...tags].join('\n'), ...questions]) {
      const start = terms.length;
      read(part, language, terms);
      ends.push(terms.length);
      notes.push(new Set(terms.slice(start)).size);
    }
    const kinds = questions.map((question) => {
      const kind = questionForm(normalizeText(question))?.kind;
      return kind === undefined ? 0 : ANSWER_KINDS.indexOf(kind) + 1;
    });
    const head = [sentences.length, ends.length, blockShapes(blocks)];
    const heads = [title, ...headings, ...questions].flatMap(spell);
    const numbers = [...head, ...ends, ...notes, ...kinds, ...terms, ...heads];
    return numbers.some((number) => number > 0xffff) ? new Uint32Array(numbers) : new Uint16Array(numbers);
  };

  const keep = (number: number, passage: Passage): PassageProfile => {
    const profile = makeProfile(passage);
    bytes += profile.byteLength + LIST_BYTES;
    order.push(number);
    kept[number] = profile;
    return profile;
  };

  return {
    of(number) {
      const known = kept[number];
      if (known !== undefined) return known;
      // What was made first goes, so that one question more never makes all of them anew.
      while (bytes > mostBytes) {
        const oldest = order.shift() ?? 0;
        bytes -= (kept[oldest]?.byteLength ?? 0) + LIST_BYTES;
        kept[oldest] = undefined;
      }
      const passage = passages[number];
      return passage === undefined ? NONE : keep(number, passage);
    },
    prepare(mayGoOn) {
      const hasMore = (): boolean => next < passages.length && bytes < mostBytes * PREPARED_SHARE;
      for (; hasMore(); next++) {
        const passage = passages[next];
        if (passage === undefined || kept[next] !== undefined) continue;
        if (!mayGoOn()) break;
        keep(next, passage);
      }
      return { hasMore: hasMore(), passages: order.length, bytes };
    },
  };
}
