import type { KernelExports } from './kernel-instance.ts';

/** What a helper thread needs to join in. */
export interface HelperSetup {
  readonly module: WebAssembly.Module;
  /** Shared. */
  readonly memory: WebAssembly.Memory;
  /** Address of the model. */
  readonly model: number;
  readonly threads: number;
}

/** A helper that was started. */
export interface Helper {
  /** Ends the thread at once. */
  end(): void;
}

/**
 * Starts helper `thread` (1 or more); resolves when it is ready to work. The thread calls {@link runHelper}.
 */
export type HelperStart = (setup: HelperSetup, thread: number) => Promise<Helper>;

/** Helper threads of one model. */
export class HelperPool {
  readonly #kernel: KernelExports;
  #helpers: Helper[] = [];
  #threads = 1;

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
  }

  /** Threads that work, this one included. */
  get threads(): number {
    return this.#threads;
  }

  /** Threads that can work. */
  get most(): number {
    return this.#helpers.length + 1;
  }

  /** Starts all helpers; those that do not start are done without. Never rejects. */
  async start(startHelper: HelperStart, setup: HelperSetup): Promise<void> {
    const starts = Array.from({ length: setup.threads - 1 }, (_, index) => startHelper(setup, index + 1));
    const settled = await Promise.allSettled(starts);
    this.#helpers = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    this.use(this.#helpers.length + 1);
  }

  /**
   * Sets how many threads work. Helpers beyond one are always all or none: those that are not needed sleep, because no work is put
   * on the board for them.
   */
  use(count: number): void {
    this.#threads = count > 1 ? this.#helpers.length + 1 : 1;
    this.#kernel.setThreads(this.#threads);
  }

  /** Lets all helpers return and end. */
  close(): void {
    if (this.#helpers.length === 0) return;
    this.#kernel.closeWork();
    for (const helper of this.#helpers) helper.end();
    this.#helpers = [];
    this.use(1);
  }
}
