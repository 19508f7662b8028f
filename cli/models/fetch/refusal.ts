import { UnderstudyError } from '../../../src/contracts/errors.ts';
import { brokenAnswer, isPassing } from '../../fetch/broken-answer.ts';
import type { BrokenDownload } from '../../fetch/broken-download.ts';

/** What an answer without the file means: what may pass as {@link BrokenDownload}, the rest with its code. */
export function refusal(url: string, response: Response, nowMs: number): BrokenDownload | UnderstudyError {
  const { status, headers } = response;
  // 416: the part that is here is of another version, and is removed.
  if (isPassing(status) || status === 416) return brokenAnswer(response, nowMs);
  const facts = { url, status };
  // The hub answers 401 to a name it does not know, too, and says so here.
  if (status === 404 || status === 410 || headers.get('x-error-code') === 'RepoNotFound')
    return new UnderstudyError('cli/not-found', `There is nothing at "${url}" (status ${status}).`, {
      facts,
    });
  if (status === 401 || status === 403)
    return new UnderstudyError('cli/model-refused', `"${url}" is not given to everyone (status ${status}).`, {
      facts,
    });
  return new UnderstudyError('cli/model-unreachable', `"${url}" answers with status ${status}.`, { facts });
}
