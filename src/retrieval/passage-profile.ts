import type { Passage } from '../contracts/passage.ts';
import { type MarkdownBlock, parseMarkdownBlocks } from '../text/markdown-blocks.ts';
import { splitSentences } from '../text/split-sentences.ts';
import { normalizeText } from '../text/normalize-text.ts';
import { analyzeText, isUnspaced } from './analyze.ts';
import { type AnswerKind, questionForm } from './question-form.ts';
import { wordsForPhrases } from '../text/related-words.ts';

/** What the second look at a passage needs, made when a search first meets it. */
export interface PassageProfile {
  /** Terms of title, headings and tags. */
  readonly head: ReadonlySet<string>;
  readonly title: ReadonlySet<string>;
  /** Terms of each question the owner wrote for it. */
  readonly questions: readonly ReadonlySet<string>[];
  /** Kind of answer that each of these questions asks for. */
  readonly questionKinds: readonly (AnswerKind | null)[];
  /** Terms of each sentence, list item and table row. */
  readonly sentences: readonly ReadonlySet<string>[];
  /** The same as texts. */
  readonly sentenceTexts: readonly string[];
  readonly blocks: readonly { readonly kind: string; readonly isOrdered?: boolean }[];
  readonly terms: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
  /** Pieces of four letters inside words. */
  readonly pieces: ReadonlySet<string>;
  readonly termCount: number;
}

const MAX_PROFILES = 1500;

/** Cuts words into the pieces of four letters that tell related words of one root. */
export function wordPieces(terms: Iterable<string>): Set<string> {
  const pieces = new Set<string>();
  for (const term of terms) {
    if (isUnspaced(term)) continue;
    const marked = `<${term}>`;
    for (let at = 0; at + 4 <= marked.length; at++) pieces.add(marked.slice(at, at + 4));
  }
  return pieces;
}

function sentencesOf(blocks: readonly MarkdownBlock[]): string[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'paragraph') return splitSentences(block.text);
    if (block.kind === 'list') return block.items.map((item) => item.text);
    if (block.kind === 'table') return block.rows.map((row) => [...block.header, ...row.cells].join(' '));
    return [block.text];
  });
}

function makeProfile(passage: Passage): PassageProfile {
  const { language } = passage;
  const blocks = parseMarkdownBlocks(passage.text);
  const sentenceTexts = sentencesOf(blocks);
  const sentences = sentenceTexts.map((sentence) => [
    ...analyzeText(sentence, language),
    ...analyzeText(wordsForPhrases(normalizeText(sentence)), 'en'),
  ]);
  const questions = passage.questions.map((question) => analyzeText(question, language));
  const title = analyzeText(passage.title, language);
  const head = [...title, ...analyzeText([...passage.headings, ...passage.tags].join('\n'), language)];
  const all = [...sentences, head, ...questions];
  const pairs = new Set<string>();
  for (const terms of all)
    for (let at = 1; at < terms.length; at++) pairs.add(`${terms[at - 1] ?? ''} ${terms[at] ?? ''}`);
  const terms = new Set(all.flat());
  return {
    head: new Set(head),
    title: new Set(title),
    questions: questions.map((question) => new Set(question)),
    questionKinds: passage.questions.map((question) => questionForm(normalizeText(question))?.kind ?? null),
    sentences: sentences.map((sentence) => new Set(sentence)),
    sentenceTexts,
    blocks: blocks.map((block) =>
      block.kind === 'list' ? { kind: block.kind, isOrdered: block.isOrdered } : { kind: block.kind },
    ),
    terms,
    pairs,
    pieces: wordPieces(terms),
    termCount: sentences.reduce((sum, sentence) => sum + sentence.length, 0),
  };
}

/** Makes a function that gives profiles and keeps the latest ones. */
export function createProfiles(): (passage: Passage) => PassageProfile {
  const kept = new Map<Passage, PassageProfile>();
  return (passage) => {
    const known = kept.get(passage);
    if (known !== undefined) return known;
    if (kept.size >= MAX_PROFILES) kept.clear();
    const profile = makeProfile(passage);
    kept.set(passage, profile);
    return profile;
  };
}
