/** A term that passages hold whose visitors ask with another word. */
export interface Associate {
  readonly term: string;
  /** How much it counts beside the word that was asked, in percent, 1 to {@link MAX_PERCENT}. */
  readonly percent: number;
}

/**
 * By a term that questions use: the terms that tell the passages they ask for, the most telling first. Terms as `analyzeText`
 * gives them.
 */
export type Associations = ReadonlyMap<string, readonly Associate[]>;

/** An associate never counts as much as the word itself. */
export const MAX_PERCENT = 50;
/** Most associates of a term. */
export const MAX_ASSOCIATES = 4;
/** Most terms with associates. */
export const MAX_ASSOCIATED = 50_000;

/** Writes associations as lines, `term associate percent …`, by the first term, ascending by UTF-16 units. */
export function writeAssociations(associations: Associations): string {
  return [...associations]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([asked, list]) => [asked, ...list.flatMap(({ term, percent }) => [term, percent])].join(' '))
    .join('\n');
}

const LINE = /^\S+(?: \S+ [1-9]\d?){1,4}$/u;

/** Reads what {@link writeAssociations} wrote, in that one spelling; null where it is anything else. */
export function parseAssociations(text: string): Associations | null {
  const associations = new Map<string, readonly Associate[]>();
  if (text === '') return associations;
  let before = '';
  for (const line of text.split('\n')) {
    if (!LINE.test(line) || associations.size >= MAX_ASSOCIATED) return null;
    const [asked = '', ...rest] = line.split(' ');
    const list = Array.from({ length: rest.length / 2 }, (_, at) => ({
      term: rest[2 * at] ?? '',
      percent: Number(rest[2 * at + 1]),
    }));
    if (asked <= before || list.some(({ percent }) => percent > MAX_PERCENT)) return null;
    associations.set(asked, list);
    before = asked;
  }
  return associations;
}
