import { join } from 'node:path';
import { readQuestionSet } from '../../cli/evaluation/question-set.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { parseMarkdownBlocks } from '../../src/text/markdown-blocks.ts';
import { splitSentences } from '../../src/text/split-sentences.ts';
import { demoSections } from '../fixtures/demo-sections.ts';
import { samplePassage } from '../fixtures/sample-passage.ts';
import type { Draw } from './case-draw.ts';
import { inventShop } from './shop-pages.ts';

/** A question with the excerpts that a generator words an answer from, the best first. */
export interface WordedCase {
  readonly question: string;
  readonly language: 'en' | 'zh';
  readonly passages: readonly Passage[];
}

const ROOT = join(import.meta.dirname, '../..');
/** Most sentences of a page's section in a prompt: about what an extract has. */
const MOST_SENTENCES = 4;

/** Draws cases without end: questions of the demo on sections of their pages, and questions on invented shops; en and zh. */
export function* drawCases(draw: Draw): Generator<WordedCase> {
  const demo = demoCases();
  const places = new Map(demo.map(({ language }) => [language, sectionsOf(language)]));
  for (;;) {
    const language = draw.chance(0.6) ? 'en' : 'zh';
    if (draw.chance(0.4)) {
      const { question, sections, language: asked } = draw.one(demo);
      const passages = [draw.one(sections), draw.one(places.get(asked) ?? sections)];
      yield { question, language: asked, passages: apart(passages.map((passage) => cutOut(passage, draw))) };
      continue;
    }
    const shop = inventShop(draw, language, 2);
    const { question, passage } = draw.one(shop);
    const others = shop.flatMap((one) => (one.passage === passage ? [] : [one.passage]));
    yield { question, language, passages: apart([passage, ...others]) };
  }
}

interface DemoCase {
  readonly question: string;
  readonly language: 'en' | 'zh';
  /** Sections with prose of the pages that answer it. */
  readonly sections: readonly Passage[];
}

function demoCases(): readonly DemoCase[] {
  return readQuestionSet(join(ROOT, 'test/fixtures/demo-questions.jsonl')).flatMap((test) => {
    const language = test.language === 'zh' ? 'zh' : 'en';
    const sections = sectionsOf(language).filter(({ documentId }) => test.articles.includes(documentId));
    return sections.length === 0 ? [] : [{ question: test.question, language, sections }];
  });
}

const known = new Map<string, readonly Passage[]>();

/** The sections of the demo's pages that have prose, which alone is worded. */
function sectionsOf(language: 'en' | 'zh'): readonly Passage[] {
  const sections = known.get(language) ?? readSections(language);
  known.set(language, sections);
  return sections;
}

function readSections(language: 'en' | 'zh'): readonly Passage[] {
  return demoSections(language).flatMap(({ page, number, title, heading, text }): Passage[] => {
    const headings = heading === '' ? [] : [heading];
    const passage = samplePassage(`${page}#${number}`, title, text, { headings, language });
    return proseOf(text).length === 0 ? [] : [passage];
  });
}

/** Some sentences of a section that stand together, as an extract has. */
function cutOut(passage: Passage, draw: Draw): Passage {
  const sentences = proseOf(passage.text);
  const from = draw.number(0, Math.max(0, sentences.length - MOST_SENTENCES));
  const text = sentences.slice(from, from + MOST_SENTENCES).join(passage.language === 'zh' ? '' : ' ');
  return { ...passage, text };
}

function proseOf(markdown: string): readonly string[] {
  return parseMarkdownBlocks(markdown).flatMap((block) =>
    block.kind === 'paragraph' ? splitSentences(block.text) : [],
  );
}

/** Passages of one id are one passage. */
function apart(passages: readonly Passage[]): readonly Passage[] {
  return passages.filter(({ id }, at) => passages.findIndex((other) => other.id === id) === at);
}
