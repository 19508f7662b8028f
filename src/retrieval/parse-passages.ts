import { UnderstudyError } from '../contracts/errors.ts';
import { type Passage, parsePassage } from '../contracts/passage.ts';
import { MAX_PASSAGES } from './index-format.ts';

function invalid(what: string): UnderstudyError {
  return new UnderstudyError('bundle/artifact-invalid', `The passages cannot be read: ${what}.`, {
    facts: { artifact: 'passages', what },
  });
}

/**
 * Accepts the passages of a bundle from the network or the store.
 * @throws UnderstudyError `bundle/artifact-invalid`.
 */
export function parsePassages(value: unknown): Passage[] {
  if (!Array.isArray(value)) throw invalid('they are no list');
  if (value.length > MAX_PASSAGES) throw invalid(`there are more than ${MAX_PASSAGES}`);
  const ids = new Set<string>();
  return value.map((entry: unknown, at): Passage => {
    const passage = parsePassage(entry);
    if (passage === null) throw invalid(`number ${at} is no passage`);
    if (ids.has(passage.id)) throw invalid(`the id "${passage.id}" comes twice`);
    ids.add(passage.id);
    return passage;
  });
}
