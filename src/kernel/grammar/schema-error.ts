import { UnderstudyError } from '../../contracts/errors.ts';

/** Builds the error of a JSON schema with the place as JSON pointer (RFC 6901); '' is the whole schema. */
export function schemaError(happened: string, pointer: string): UnderstudyError {
  const place = pointer === '' ? 'the root' : pointer;
  return new UnderstudyError('engine/grammar-invalid', `JSON schema at ${place}: ${happened}`, {
    facts: { pointer },
  });
}

/** The pointer of a member. */
export function below(pointer: string, ...names: readonly (string | number)[]): string {
  return [pointer, ...names.map((name) => String(name).replaceAll('~', '~0').replaceAll('/', '~1'))].join(
    '/',
  );
}
