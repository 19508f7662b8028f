import type { HelperSetup } from './helper-pool.ts';
import { instantiateKernel } from './kernel-instance.ts';

/**
 * Makes the calling thread a helper: it returns when the model is disposed.
 *
 * @param ready - Called before it begins to wait for work, which blocks the thread.
 */
export async function runHelper(setup: HelperSetup, thread: number, ready: () => void): Promise<void> {
  const kernel = await instantiateKernel(setup.module, setup.memory);
  kernel.attach(setup.model, setup.threads, thread);
  ready();
  kernel.help();
}
