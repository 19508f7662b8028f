import type { Passage } from '../contracts/passage.ts';
import { type MarkdownBlock, parseMarkdownBlocks } from '../text/markdown-blocks.ts';
import { normalizeText } from '../text/normalize-text.ts';
import { holdsPhrase, wordsForPhrases } from '../text/related-words.ts';
import { splitSentences } from '../text/split-sentences.ts';
import { type AnswerKind, questionForm } from './question-form.ts';
import type { SearchIndex } from './search-index.ts';
import { spelledWords } from './spelled-likeness.ts';
import { createTermReader } from './term-reader.ts';

/** What the second look at a passage needs, made when a search first meets it. Terms are numbers of the index. */
export interface PassageProfile {
  /** Terms of its sentences, list items and table rows, in order. */
  readonly terms: Int32Array;
  /** Where in {@link terms} each sentence ends. */
  readonly sentenceEnds: readonly number[];
  /** Terms of title, headings and tags. */
  readonly head: Int32Array;
  /** Terms of each question the owner wrote for it. */
  readonly questions: readonly Int32Array[];
  /** The same of each question that visitors are expected to ask. */
  readonly expected: readonly Int32Array[];
  /** Words of the title, of each heading and of each question, as they are spelled. */
  readonly spelledHeads: readonly ReadonlySet<number>[];
  /** All these terms, each once, ascending. */
  readonly vocabulary: Int32Array;
  /** Its sentences as texts, as long as {@link sentenceEnds}. */
  readonly sentenceTexts: readonly string[];
  readonly blocks: readonly { readonly kind: string; readonly isOrdered?: boolean }[];
  /** Kind of answer that each of the owner's questions asks for. */
  readonly questionKinds: readonly (AnswerKind | null)[];
  /** Which of its sentences hold a kind of span, as far as it was asked for. */
  readonly holders: Map<AnswerKind, readonly boolean[]>;
}

/** Profiles that are kept: those of all passages of most sites. */
const MAX_PROFILES = 8000;

function sentencesOf(blocks: readonly MarkdownBlock[]): string[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'paragraph') return splitSentences(block.text);
    if (block.kind === 'list') return block.items.map((item) => item.text);
    if (block.kind === 'table') return block.rows.map((row) => [...block.header, ...row.cells].join(' '));
    return [block.text];
  });
}

/** All numbers of some lists, each once, ascending. */
function eachOnce(lists: readonly ArrayLike<number>[]): Int32Array {
  const all = new Int32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let length = 0;
  for (const list of lists) {
    all.set(list, length);
    length += list.length;
  }
  all.sort();
  return all.filter((number, at) => at === 0 || number !== all[at - 1]);
}

/** Makes a function that gives profiles of the passages of an index and keeps the latest ones. */
export function createProfiles(index: SearchIndex): (passage: Passage) => PassageProfile {
  const read = createTermReader(index);
  const kept = new Map<Passage, PassageProfile>();
  // The passages of a document share their title and headings.
  const spelled = new Map<string, ReadonlySet<number>>();

  const spell = (text: string): ReadonlySet<number> => {
    let words = spelled.get(text);
    if (words === undefined) spelled.set(text, (words = spelledWords(text)));
    return words;
  };

  const makeProfile = (passage: Passage): PassageProfile => {
    const { language } = passage;
    const blocks = parseMarkdownBlocks(passage.text);
    const sentenceTexts = sentencesOf(blocks);
    const terms: number[] = [];
    const sentenceEnds: number[] = [];
    // Few passages hold a turn of phrase; in the others no sentence is looked at for them. They are English.
    const hasPhrases = /^en\b/i.test(language) && holdsPhrase(normalizeText(passage.text));
    for (const sentence of sentenceTexts) {
      read(sentence, language, (term) => terms.push(term));
      if (hasPhrases) read(wordsForPhrases(normalizeText(sentence)), 'en', (term) => terms.push(term));
      sentenceEnds.push(terms.length);
    }
    const readAll = (text: string): Int32Array => {
      const found: number[] = [];
      read(text, language, (term) => found.push(term));
      return Int32Array.from(found);
    };
    const head = readAll([passage.title, ...passage.headings, ...passage.tags].join('\n'));
    const questions = passage.questions.map(readAll);
    const expected = (passage.expected ?? []).map(readAll);
    const vocabulary = eachOnce([terms, head, ...questions, ...expected]);
    return {
      terms: Int32Array.from(terms),
      sentenceEnds,
      head,
      questions,
      expected,
      spelledHeads: [passage.title, ...passage.headings, ...passage.questions].map(spell),
      vocabulary,
      sentenceTexts,
      blocks: blocks.map((block) =>
        block.kind === 'list' ? { kind: block.kind, isOrdered: block.isOrdered } : { kind: block.kind },
      ),
      questionKinds: passage.questions.map((question) => questionForm(normalizeText(question))?.kind ?? null),
      holders: new Map(),
    };
  };

  return (passage) => {
    const known = kept.get(passage);
    if (known !== undefined) return known;
    if (kept.size >= MAX_PROFILES) {
      // The one that was met first, so that one question more never makes all of them anew.
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
      if (spelled.size >= MAX_PROFILES) spelled.clear();
    }
    const profile = makeProfile(passage);
    kept.set(passage, profile);
    return profile;
  };
}
