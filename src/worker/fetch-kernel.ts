import { UnderstudyError } from '../contracts/errors.ts';

/**
 * Fetches a file of the kernel.
 * @throws UnderstudyError `engine/load-failed` when the host does not have it; the signal's reason when aborted.
 */
export async function fetchKernel(url: URL, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await fetch(url, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new UnderstudyError('engine/load-failed', `The kernel cannot be fetched from ${url.href}.`, {
      cause,
    });
  });
  if (!answer.ok) {
    throw new UnderstudyError(
      'engine/load-failed',
      `The kernel is missing: ${url.href} answered ${answer.status}.`,
    );
  }
  return answer.arrayBuffer();
}
