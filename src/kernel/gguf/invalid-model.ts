import { UnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';

/** Makes the error of a model file that cannot be used; `happened` is one sentence with the values. */
export function invalidModel(happened: string, facts: JsonObject = {}): UnderstudyError {
  return new UnderstudyError('engine/model-invalid', happened, { facts });
}
