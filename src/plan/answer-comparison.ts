import type { Comparison } from '../contracts/retrieval.ts';
import { localize } from '../contracts/language.ts';
import type { PageAnswerPart } from './answer-from-pages.ts';
import { showExtract } from './answer-from-pages.ts';
import { ONE_SIDE_TEXT } from './built-in-texts.ts';
import type { CitationList } from './citation-list.ts';
import { unmarked } from './unmarked.ts';

/**
 * Answers with what the pages say of two things: what tells of both, else each side under its name. Where they tell of one side only, the
 * answer begins with that. The words are those of the pages: who words two sides may mix them up.
 */
export function* answerComparison(
  { shared, sides }: Comparison,
  citations: CitationList | null,
  language: string,
): Generator<PageAnswerPart> {
  yield* showExtract(shared, citations, false);
  const told = sides.filter(({ spans }) => spans.length > 0);
  const missing = sides.find(({ spans }) => spans.length === 0);
  const [only] = told;
  if (only !== undefined && missing !== undefined) {
    const text = localize(ONE_SIDE_TEXT, language)
      .replace('{missing}', () => unmarked(missing.name))
      .replace('{found}', () => unmarked(only.name));
    yield { type: 'text-delta', text };
    yield* showExtract(only.spans, citations, true);
    return;
  }
  for (const [at, { name, spans }] of told.entries()) {
    yield { type: 'text-delta', text: `${at === 0 ? '' : '\n\n'}**${unmarked(name)}**` };
    yield* showExtract(spans, citations, true);
  }
}
