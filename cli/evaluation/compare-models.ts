import type { LoadBundleEngine } from '../ask/open-bundle-folder.ts';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { loadEngine } from '../ask/load-engine.ts';
import { evaluateAnswers } from './evaluate-answers.ts';
import type { DefaultModel } from './load-default-model.ts';
import type { TestQuestion } from './question-set.ts';
import { scoreVerdicts } from './score-verdicts.ts';
import type { Share } from './share.ts';
import { roundTo } from './share.ts';
import { watchEngine } from './watch-engine.ts';

/** What a generator made of a set of questions. */
export interface ModelFigures {
  /** Null: extracts, without any model. */
  readonly name: string | null;
  /** Answers that are (partly) its words; the others are extracts. */
  readonly worded: Share;
  readonly factsContained: Share;
  readonly wrong: Share;
  readonly meanWords: number;
  readonly secondsPerAnswer: number;
  /** Most bytes of WebAssembly memory that it held; 0 when it never wrote to its end. */
  readonly memoryBytes: number;
  readonly sizeBytes: number;
}

/** The generator of a bundle beside the one that ships with the package. */
export interface ModelComparison {
  readonly questions: number;
  readonly chosen: ModelFigures;
  /** Null where it is the chosen one, or is not installed. */
  readonly default: ModelFigures | null;
  /** What the figures say against the chosen one, and what kept it from being measured. */
  readonly warnings: readonly string[];
}

const MUTE =
  'none of its words would be shown: its first sentence comes too late, repeats the page, or is not borne out by it';

/** Options of {@link compareModels}. */
export interface CompareOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

/**
 * Asks a bundle every question twice, once with its own generator and once with the default one: pages, search and plan are the same.
 * @param usual - Null to measure the bundle's own alone.
 */
export async function compareModels(
  folder: string,
  tests: readonly TestQuestion[],
  usual: DefaultModel | null,
  options: CompareOptions,
): Promise<ModelComparison> {
  const own = await measure(folder, tests, loadEngine, options);
  const { figures: chosen } = own;
  const other =
    usual === null ? null : await measure(folder, tests, (_bundle, signal) => usual.load(signal), options);
  // Extracts alone would stand under its name.
  const didLoad = other !== null && other.didLoad;
  const beside =
    usual === null || !didLoad ? null : { ...other.figures, name: usual.name, sizeBytes: usual.sizeBytes };
  const isMute = chosen.name !== null && chosen.worded.count === 0;
  const advice = beside === null ? null : adviceOn(chosen, beside);
  return {
    questions: tests.length,
    chosen,
    default: beside,
    warnings: [
      ...own.warnings,
      ...(other === null || didLoad ? [] : other.warnings),
      ...(isMute ? [MUTE] : []),
      ...(advice === null ? [] : [advice]),
    ],
  };
}

/** Why the default model would do; null where the chosen one answers better. */
function adviceOn(chosen: ModelFigures, usual: ModelFigures): string | null {
  const [own, other] = [chosen.factsContained, usual.factsContained];
  if (own.of === 0)
    return 'no question of the set names facts, so that nothing says which model answers better';
  if (other.count < own.count || usual.wrong.count > chosen.wrong.count) return null;
  const isBetter = other.count > own.count || usual.wrong.count < chosen.wrong.count;
  const facts = `${other.count} of ${other.of} answers hold the facts with it, ${own.count} with the chosen one`;
  return `the default model answers ${isBetter ? 'better than' : 'as well as'} the chosen one on these questions: ${facts}`;
}

interface Measured {
  readonly figures: ModelFigures;
  /** Whether there was a generator; else these are figures of extracts. */
  readonly didLoad: boolean;
  readonly warnings: readonly string[];
}

async function measure(
  folder: string,
  tests: readonly TestQuestion[],
  load: LoadBundleEngine,
  { signal, onProgress = () => undefined }: CompareOptions,
): Promise<Measured> {
  const memory = { peakBytes: 0 };
  const watched: LoadBundleEngine = async (bundle, abort) => {
    const engine = await load(bundle, abort);
    return engine === null
      ? null
      : watchEngine(engine, (bytes) => {
          memory.peakBytes = Math.max(memory.peakBytes, bytes);
        });
  };
  onProgress('loading the generator');
  const bundle = await openBundleFolder(folder, { withGenerator: true, loadEngine: watched, signal });
  const { engine, engineFault, manifest } = bundle;
  try {
    const who = engine === null ? 'extracts' : 'the generator';
    const { verdicts, warnings } = await evaluateAnswers(bundle, tests, {
      signal,
      onProgress: (done) => onProgress(`measuring ${who}: ${done} of ${tests.length} questions`),
    });
    const { worded, factsContained, wrong } = scoreVerdicts(verdicts);
    const given = verdicts.filter(({ words }) => words > 0);
    const mean = (sum: number, count: number): number => (count === 0 ? 0 : sum / count);
    return {
      figures: {
        name: engine === null ? null : (manifest.generator?.name ?? null),
        worded,
        factsContained,
        wrong,
        meanWords: roundTo(mean(sumOf(given.map(({ words }) => words)), given.length), 1),
        secondsPerAnswer: roundTo(
          mean(sumOf(verdicts.map(({ answered }) => answered.milliseconds)), verdicts.length) / 1000,
          3,
        ),
        memoryBytes: memory.peakBytes,
        sizeBytes: sumOf(
          Object.values(manifest.artifacts).map(({ role, sizeBytes }) => (role === 'model' ? sizeBytes : 0)),
        ),
      },
      didLoad: engine !== null,
      warnings: [
        ...warnings,
        ...(engineFault === null ? [] : [`the generator does not run here (${engineFault.message})`]),
      ],
    };
  } finally {
    // Two models at once may not fit.
    await engine?.dispose();
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
