import { readHtmlSections } from '../html-blocks.ts';
import type { Section } from '../source-document.ts';
import { plainWords } from '../text-runs.ts';
import type { NotedQuestion } from './structured-data.ts';

/** Share of an answer's turns of three words that are enough to say that the page shows it. */
const SHOWN_SHARE = 0.7;
const WORDS = 3;

/**
 * Adds the questions of a page's JSON-LD that its visible text does not answer, as sections under their question. Those it shows are
 * not said twice.
 */
export function addNotedAnswers(
  sections: readonly Section[],
  questions: readonly NotedQuestion[],
): readonly Section[] {
  if (questions.length === 0) return sections;
  const shown = new Set(
    sections.flatMap(({ headings, blocks }) =>
      turnsOf([...headings, ...blocks.map(({ markdown }) => markdown)].join('\n')),
    ),
  );
  const added = questions.flatMap(({ question, answer }): Section[] => {
    const blocks = readHtmlSections(answer).flatMap((section) => section.blocks);
    const turns = turnsOf(blocks.map(({ markdown }) => markdown).join('\n'));
    if (turns.length === 0) return [];
    const known = turns.filter((turn) => shown.has(turn)).length;
    for (const turn of turns) shown.add(turn);
    return known >= SHOWN_SHARE * turns.length ? [] : [{ headings: [question], blocks }];
  });
  return [...sections, ...added];
}

function turnsOf(text: string): readonly string[] {
  const words = plainWords(text.replace(/\]\([^()\s]*\)/g, ']'));
  return Array.from({ length: words.length === 0 ? 0 : Math.max(1, words.length - WORDS + 1) }, (_, at) =>
    words.slice(at, at + WORDS).join(' '),
  );
}
