import { UnderstudyError } from '../../src/contracts/errors.ts';
import { checkModelFile } from '../models/check-model-file.ts';
import { DEFAULT_CONTEXT } from '../models/choose-format.ts';
import { thisDevice } from '../models/judge-device.ts';

/**
 * Judges the header of a model file by the rules of the kernel, before anything of it is packed.
 * @throws UnderstudyError `cli/model-invalid` with the reason.
 */
export function checkGenerator(path: string): void {
  const { runs, reason, architecture } = checkModelFile(path, thisDevice(), DEFAULT_CONTEXT);
  const fault = runs && architecture === 'bert' ? 'It is an encoder, which writes no answers.' : reason;
  if (fault === null) return;
  throw new UnderstudyError('cli/model-invalid', `The kernel does not run "${path}": ${fault}`, {
    facts: { path },
  });
}
