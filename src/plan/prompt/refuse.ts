import { localize } from '../../contracts/language.ts';
import { BUILT_IN_TEXTS } from '../built-in-texts.ts';
import type { StepPart, StepRun } from '../step-handler.ts';

/** Says honestly, as the step's `text`, that the pages do not answer, and offers people. Returns what was said. */
export function* refuse(run: StepRun): Generator<StepPart, string> {
  const text = localize(BUILT_IN_TEXTS['not-in-pages'], run.language);
  yield { type: 'value-delta', name: 'text', text };
  yield { type: 'handoff', reason: 'not-in-pages' };
  return text;
}
