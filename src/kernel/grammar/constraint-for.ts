import type { JsonObject } from '../../contracts/json.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { GrammarConstraint } from './grammar-constraint.ts';
import { grammarVocabulary } from './grammar-vocabulary.ts';
import { jsonSchemaToGbnf } from './json-schema.ts';
import { parseGbnf } from './parse-gbnf.ts';

/** The form of an output: GBNF or a JSON Schema. */
export interface OutputForm {
  readonly grammar?: string | undefined;
  readonly schema?: JsonObject | undefined;
}

/** Makes the constraint of a grammar or a schema; null for neither. @throws UnderstudyError `engine/grammar-invalid`. */
export function constraintFor(
  tokenizer: Tokenizer,
  { grammar, schema }: OutputForm,
): GrammarConstraint | null {
  const text = grammar ?? (schema === undefined ? null : jsonSchemaToGbnf(schema));
  if (text === null) return null;
  return new GrammarConstraint(parseGbnf(text), grammarVocabulary(tokenizer));
}
