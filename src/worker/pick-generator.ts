import type { OpenBundle } from '../bundle/open-bundle.ts';
import { DEFAULT_ENGINES } from '../contracts/engine-choice.ts';
import type { UnderstudyError } from '../contracts/errors.ts';
import type { Store } from '../contracts/store.ts';
import type { EnginePicker } from '../engines/picker/engine-picker.ts';
import type { Platform } from './platform.ts';
import { openCrashMark } from './crash-mark.ts';
import { bringsModel } from './offered-model.ts';

/** What {@link pickGenerator} works with. */
export interface GeneratorSurroundings {
  readonly platform: Pick<Platform, 'createEngine' | 'clock' | 'liveness'>;
  readonly store: Store;
  readonly assetsUrl: string;
  /** Of the product: an engine that crashed is tried again after an update. */
  readonly version: string;
  readonly onFault: (error: UnderstudyError) => void;
  readonly onGiveUp: (error: UnderstudyError) => void;
}

/** Makes the picker of engines for the generator of a bundle; null where the bundle brings none, or none can run. */
export async function pickGenerator(
  bundle: OpenBundle,
  surroundings: GeneratorSurroundings,
): Promise<EnginePicker | null> {
  const { platform, store, assetsUrl, version, onFault, onGiveUp } = surroundings;
  const { createEngine, clock, liveness } = platform;
  const { manifest } = bundle;
  if (createEngine === null || !bringsModel(manifest)) return null;
  const release = `${manifest.appId} ${manifest.release} ${version}`;
  const marked = await openCrashMark({ store, clock, liveness, release });
  if (marked.fault !== null) onFault(marked.fault);
  return createEngine({
    read: (name, options) => bundle.read(name, options),
    stream: (name, signal) => bundle.stream(name, { signal }),
    offered: new Map(Object.entries(manifest.artifacts).map(([name, { sizeBytes }]) => [name, sizeBytes])),
    engines: manifest.engines ?? DEFAULT_ENGINES,
    generator: manifest.generator,
    assetsUrl,
    mark: marked.mark,
    clock,
    onFault,
    onGiveUp,
  });
}
