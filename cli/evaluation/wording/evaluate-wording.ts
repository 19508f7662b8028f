import type { OpenedBundle } from '../../ask/open-bundle-folder.ts';
import type { Retriever } from '../../../src/contracts/retrieval.ts';
import { judgedBy } from '../judge-answer.ts';
import type { TestQuestion } from '../question-set.ts';
import { askTwice } from './ask-twice.ts';
import type { WordingVerdict } from './judge-wording.ts';
import { judgeWording } from './judge-wording.ts';
import { WatchedEngine } from './watched-engine.ts';

/** What {@link evaluateWording} gives. */
export interface WordingEvaluation {
  readonly verdicts: readonly WordingVerdict[];
  /** What rows name that the bundle does not have; they are not judged by it. */
  readonly warnings: readonly string[];
}

/** Options of {@link evaluateWording}. */
export interface EvaluateWordingOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number) => void;
  /** The documents that are searched for a question. Default: all. */
  readonly within?: (test: TestQuestion) => ReadonlySet<string>;
}

/** Asks a bundle every question twice, without its generator and with it, and compares what it answers. */
export async function evaluateWording(
  bundle: Pick<OpenedBundle, 'opened' | 'services' | 'passages' | 'engine'>,
  tests: readonly TestQuestion[],
  options: EvaluateWordingOptions,
): Promise<WordingEvaluation> {
  const { signal, onProgress = () => undefined, within } = options;
  const { passages, services } = bundle;
  const engine = bundle.engine === null ? null : new WatchedEngine(bundle.engine, signal);
  const verdicts: WordingVerdict[] = [];
  const warnings: string[] = [];
  for (const test of tests) {
    onProgress(verdicts.length);
    const retriever =
      within === undefined ? services.retriever : searchWithin(services.retriever, within(test));
    const by = judgedBy(test, passages, retriever);
    warnings.push(...by.gold.lacking.map((name) => `${test.id}: the bundle has no "${name}"`));
    const answered = await askTwice(bundle, engine, retriever, test, signal);
    verdicts.push(judgeWording(test, answered, by, services.grounding));
  }
  return { verdicts, warnings };
}

/** Searches some documents alone, weighed as in the whole bundle. */
function searchWithin(retriever: Retriever, documents: ReadonlySet<string>): Retriever {
  return {
    search: (question, options = {}) =>
      retriever.search(question, {
        ...options,
        accepts: (passage) => documents.has(passage.documentId) && (options.accepts?.(passage) ?? true),
      }),
    extract: (question, ranked) => retriever.extract(question, ranked),
    passage: (id) => retriever.passage(id),
  };
}
