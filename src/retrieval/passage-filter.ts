import type { Passage } from '../contracts/passage.ts';
import type { PassageFilter } from '../contracts/retrieval.ts';

/** What a passage notes under a name, in lower case. */
function notesOf(passage: Passage, name: string): readonly string[] {
  if (name === 'language') {
    const language = passage.language.toLowerCase();
    return [language, language.split('-')[0] ?? ''];
  }
  const { metadata } = passage;
  const noted = metadata !== undefined && Object.hasOwn(metadata, name) ? [String(metadata[name])] : [];
  return [...noted, ...passage.tags].map((note) => note.toLowerCase());
}

/**
 * Makes the test of a filter: under each of its names a passage must note one of the values, as metadata of that name or as a tag;
 * `language` is that of the passage. Case does not matter; a name without values does not restrict.
 */
export function filterTest(filter: PassageFilter): (passage: Passage) => boolean {
  const wanted = Object.entries(filter)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => [name, new Set(values.map((value) => value.toLowerCase()))] as const);
  return (passage) =>
    wanted.every(([name, values]) => notesOf(passage, name).some((note) => values.has(note)));
}
