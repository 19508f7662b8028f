import { UnderstudyError } from '../../../src/contracts/errors.ts';

const MAX_NAME_CHARACTERS = 80;

/** Makes the error of a file of an ONNX model; `what` goes on after its name. */
export function invalidOnnx(path: string, what: string, cause?: unknown): UnderstudyError {
  return new UnderstudyError('cli/model-invalid', `"${path}" ${what}.`, { facts: { path }, cause });
}

/** A name out of a file of strangers, in quotes: it must not move the cursor of the terminal, or fill it. */
export function quoted(name: string): string {
  return `"${name.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}').slice(0, MAX_NAME_CHARACTERS)}"`;
}
