import type { Clock } from '../contracts/clock.ts';
import type { ArtifactReader } from '../contracts/engine.ts';
import type { UnderstudyError } from '../contracts/errors.ts';
import type { CrashMark, EngineCandidate } from '../engines/picker/candidate.ts';
import { probeDevice } from '../engines/picker/device-facts.ts';
import type { EnginePicker } from '../engines/picker/engine-picker.ts';
import { createEnginePicker } from '../engines/picker/engine-picker.ts';

/** What an engine is picked for. */
export interface EngineContext {
  readonly read: ArtifactReader;
  /** Names of the artifacts that the bundle offers. */
  readonly offered: ReadonlySet<string>;
  /** Bytes of the generator's artifacts together. */
  readonly sizeBytes: number;
  /** Absolute address of the folder with the product's own files, ending in `/`. */
  readonly assetsUrl: string;
  readonly mark: CrashMark;
  readonly clock: Clock;
  readonly onFault: (error: UnderstudyError) => void;
  readonly onGiveUp: (error: UnderstudyError) => void;
}

/** The runtime holds the weights and its own copies of them. */
const TRANSFORMERS_MEMORY_FACTOR = 3;

/** The engines of a visitor's browser, the best first. Each is a chunk of its own: what is not tried is not fetched. */
function candidates(context: EngineContext): readonly EngineCandidate[] {
  const { read, assetsUrl, sizeBytes } = context;
  return [
    {
      id: 'transformers',
      artifacts: ['model.onnx', 'tokenizer.json'],
      needs: ['webassembly', 'simd'],
      memoryBytes: sizeBytes * TRANSFORMERS_MEMORY_FACTOR,
      create: async () => {
        const { createTransformersEngine } =
          await import('../engines/transformers/create-transformers-engine.ts');
        return createTransformersEngine({
          read,
          runtimeUrl: new URL('ort/', assetsUrl).href,
          modelId: 'understudy-tiny',
        });
      },
    },
  ];
}

/** Makes the picker over the engines that this release brings. */
export function pickEngine(context: EngineContext): EnginePicker {
  const { offered, mark, clock, onFault, onGiveUp } = context;
  return createEnginePicker({
    candidates: candidates(context),
    offered,
    facts: probeDevice(),
    mark,
    clock,
    onFault,
    onGiveUp,
  });
}
