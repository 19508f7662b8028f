import type { Passage } from '../../src/contracts/passage.ts';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import { parseMarkdownBlocks } from '../../src/text/markdown-blocks.ts';
import { plainText } from '../../src/text/plain-text.ts';
import { splitSentences } from '../../src/text/split-sentences.ts';
import { demoSections } from '../fixtures/demo-sections.ts';
import type { Mutation } from './mutate-sentence.ts';
import { mutateSentence } from './mutate-sentence.ts';
import { passageOf } from './read-pairs.ts';

/** Names of the demo that are told apart; a sentence about the one is not about the other. */
const NAMES = {
  en: [
    ['Jug', 'Tap'],
    ['Tap', 'Jug'],
    ['J1', 'T1'],
    ['T1', 'J1'],
    ['Fenbrook', 'Brookfen'],
  ],
  zh: [
    ['滤水壶', '净水龙头'],
    ['净水龙头', '滤水壶'],
    ['J1', 'T1'],
    ['T1', 'J1'],
  ],
} as const;

interface HelpSentence {
  readonly passage: Passage;
  readonly sentence: string;
}

/** The sentences of the demo's pages, each with its section as passage. */
function helpSentences(language: 'en' | 'zh'): HelpSentence[] {
  return demoSections(language).flatMap(({ page, number, heading, text }) => {
    const passage = passageOf(`${page}#${String(number)}`, heading, text, language);
    const texts = parseMarkdownBlocks(passage.text).flatMap((block) =>
      block.kind === 'paragraph'
        ? splitSentences(block.text)
        : block.kind === 'list'
          ? block.items.map((item) => item.text)
          : [],
    );
    return texts
      .filter((one) => /\p{Script=Han}{2}|\p{L}\s+\p{L}/u.test(plainText(one)))
      .map((sentence) => ({ passage, sentence }));
  });
}

/** How the check does on the demo's pages. */
export interface HelpPageRates {
  readonly sentences: number;
  /** Sentences that their own section does not support. */
  readonly refused: readonly string[];
  /** How many changed sentences there were of each attack. */
  readonly tried: ReadonlyMap<Mutation['attack'], number>;
  /** Those that passed. */
  readonly accepted: readonly string[];
}

/** Checks the sentences of the demo's pages against their sections, as they are and changed in every way that their words allow. */
export function judgeHelpPages(language: 'en' | 'zh'): HelpPageRates {
  const grounding = createGroundingCheck();
  const sentences = helpSentences(language);
  const refused: string[] = [];
  const tried = new Map<Mutation['attack'], number>();
  const accepted: string[] = [];
  for (const { passage, sentence } of sentences) {
    if (!grounding.check(sentence, [passage]).isSupported) refused.push(`${passage.id}: ${sentence}`);
    for (const { attack, statement } of mutateSentence(plainText(sentence), NAMES[language])) {
      // A change may by chance make another sentence of the page.
      if (passage.text.includes(statement)) continue;
      tried.set(attack, (tried.get(attack) ?? 0) + 1);
      if (grounding.check(statement, [passage]).isSupported)
        accepted.push(`${attack}: ${passage.id}: ${statement}`);
    }
  }
  return { sentences: sentences.length, refused, tried, accepted };
}
