import type { Passage } from '../../contracts/passage.ts';
import { analyzeText } from '../analyze.ts';
import { holdsAnswer } from '../answer-kinds.ts';
import type { SearchIndex } from '../search-index.ts';
import { askOfOne, comparedAttribute } from './compared-attribute.ts';
import type { ComparedThings } from './parse-comparison.ts';
import { createSideNamer, type SideNamer } from './side-namer.ts';
import { coverOf, wantedWords } from './word-cover.ts';

/** Share of the attribute's words that must be said where it is told. */
const ABOUT_FROM = 0.5;
/** The same beside the kind of span that tells it: "the return period" is told by days to return. */
const ABOUT_BESIDE_KIND = 0.3;

/** What is looked for in the pages: two sides, and on what they are compared. */
export interface ComparisonView {
  readonly language: string;
  readonly nameOf: SideNamer;
  /** Whether the question says on what the two are compared. */
  readonly hasAttribute: boolean;
  /** Asks for the attribute of each side alone. */
  readonly questions: readonly [string, string];
  /** Asks for both sides at once. */
  readonly joint: string;
  /** Reports whether a text holds the words of the attribute, as the label of a row may. */
  readonly isAbout: (text: string, language: string) => boolean;
  /** Reports whether a text holds the kind of span that tells the attribute; true where no kind does. */
  readonly holdsKind: (text: string) => boolean;
  /** How well a text of a passage tells the attribute, 0 to 2; 0 when it does not. */
  readonly tells: (text: string, passage: Passage) => number;
}

/** Prepares what one question compares for the pages of an index. */
export function viewComparison(
  index: SearchIndex,
  { names, about }: ComparedThings,
  language: string,
): ComparisonView {
  const attribute = comparedAttribute(about);
  const { kind } = attribute;
  const wanted = wantedWords(index, attribute.words, language, false);
  const hasAttribute = kind !== null || wanted.total > 0;
  const cover = (text: string, of: string): number => coverOf(wanted, new Set(analyzeText(text, of)));
  const holdsKind = (text: string): boolean => kind === null || holdsAnswer(kind, text);
  return {
    language,
    nameOf: createSideNamer(index, names, language),
    hasAttribute,
    questions: [askOfOne(names[0], attribute, language), askOfOne(names[1], attribute, language)],
    joint: `${names.join(' ')} ${attribute.words}`,
    isAbout: (text, of) => cover(text, of) >= ABOUT_FROM,
    holdsKind,
    tells: (text, passage) => {
      if (!hasAttribute) return 1;
      if (!holdsKind(text)) return 0;
      if (wanted.total === 0) return 1;
      const { title, headings, questions } = passage;
      const whole = cover([title, ...headings, ...questions, text].join('\n'), passage.language);
      return whole < (kind === null ? ABOUT_FROM : ABOUT_BESIDE_KIND)
        ? 0
        : whole + cover(text, passage.language);
    },
  };
}
