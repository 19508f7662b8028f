import type { Engine } from '../contracts/engine.ts';
import { isUnderstudyError, UnderstudyError } from '../contracts/errors.ts';
import type { GeneratorState } from '../contracts/protocol.ts';

/** Makes an engine; null when the bundle brings none. */
export type EngineFactory = () => Promise<Engine | null>;

/** Holds the one generator of this worker: absent, loading, ready or failed. */
export class GeneratorSlot {
  readonly #onChange: () => void;
  readonly #onFault: (error: UnderstudyError) => void;
  #engine: Engine | null = null;
  #loading: Promise<GeneratorState> | null = null;
  #controller = new AbortController();
  state: GeneratorState = 'absent';
  /** Share loaded, in [0, 1]. */
  progress = 0;

  /**
   * @param onChange - Called after each change of state or progress.
   * @param onFault - Called with the reason when the generator cannot run; extracts are shown then.
   */
  constructor(onChange: () => void, onFault: (error: UnderstudyError) => void) {
    this.#onChange = onChange;
    this.#onFault = onFault;
  }

  /** The engine when it can answer now, else null. */
  get ready(): Engine | null {
    return this.state === 'ready' ? this.#engine : null;
  }

  /** Says that a generator could be loaded, without loading it. */
  offer(state: 'idle' | 'off'): void {
    if (this.state === 'absent') this.#become(state);
  }

  /** Loads the generator once; later calls wait for the same load. Never throws. */
  load(create: EngineFactory): Promise<GeneratorState> {
    if (this.state === 'ready') return Promise.resolve('ready');
    this.#loading ??= this.#load(create).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /** Takes an engine out of use that was ready and can no longer write; answers are extracts from then on. */
  retire(error: UnderstudyError): void {
    if (this.state !== 'ready') return;
    this.#engine = null;
    this.#become('failed');
    this.#onFault(error);
  }

  dispose(): void {
    this.#controller.abort(new UnderstudyError('client/disposed', 'The connection was closed.'));
    void this.#engine?.dispose();
    this.#engine = null;
  }

  async #load(create: EngineFactory): Promise<GeneratorState> {
    const { signal } = this.#controller;
    try {
      this.progress = 0;
      this.#become('loading');
      const engine = await create();
      if (engine === null) {
        this.#become('absent');
        return this.state;
      }
      this.#engine = engine;
      await engine.load({
        signal,
        onProgress: ({ loadedBytes, totalBytes }) => {
          this.progress = totalBytes === 0 ? 0 : Math.min(1, loadedBytes / totalBytes);
          this.#onChange();
        },
      });
      this.progress = 1;
      this.#become('ready');
    } catch (error) {
      this.#engine = null;
      this.#become('failed');
      if (signal.aborted) return this.state;
      const fault = isUnderstudyError(error)
        ? error
        : new UnderstudyError('engine/load-failed', `The generator could not be loaded (${String(error)}).`, {
            cause: error,
          });
      this.#onFault(fault);
    }
    return this.state;
  }

  #become(state: GeneratorState): void {
    this.state = state;
    this.#onChange();
  }
}
