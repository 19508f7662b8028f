import { rmSync } from 'node:fs';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { checkModelFile } from '../models/check-model-file.ts';
import { DEFAULT_CONTEXT } from '../models/choose-format.ts';
import { thisDevice } from '../models/judge-device.ts';

/**
 * Judges the header of a model file by the rules of the kernel, before anything of it is packed.
 *
 * @param isFetched - Whether it lies in the cache: one that cannot be read at all was cut off or damaged, and is fetched again next time.
 * @throws UnderstudyError `cli/model-invalid` with the reason.
 */
export function checkGenerator(path: string, isFetched: boolean): void {
  const { runs, reason, architecture } = checkModelFile(path, thisDevice(), DEFAULT_CONTEXT);
  const fault = runs && architecture === 'bert' ? 'It is an encoder, which writes no answers.' : reason;
  if (fault === null) return;
  if (isFetched && architecture === null) rmSync(path, { force: true });
  throw new UnderstudyError('cli/model-invalid', `The kernel does not run "${path}": ${fault}`, {
    facts: { path },
  });
}
