import { intersectRanges, invertRanges, normalizeRanges } from './code-point-ranges.ts';
import { PLAIN_IN_JSON, gbnfSet } from './gbnf-text.ts';
import { schemaError } from './schema-error.ts';

/** Characters of the longest name that is told apart. */
const LONGEST_NAME = 200;

interface Branch {
  isName: boolean;
  readonly next: Map<number, Branch>;
}

/**
 * A GBNF expression for the key of a further member: a JSON string that is none of the names. It holds no escapes, for an
 * escape can spell any name another way.
 *
 * @param rule - Makes a rule of a body and gives its name.
 * @throws UnderstudyError `engine/grammar-invalid` when a name is longer than 200 characters.
 */
export function otherKeyToGbnf(
  names: readonly string[],
  pointer: string,
  rule: (kind: string, body: string) => string,
): string {
  const plain = gbnfSet(PLAIN_IN_JSON);
  const rest = rule('key-rest', `${plain}*`);
  const spell = (branch: Branch, depth: number): string => {
    if (depth > LONGEST_NAME)
      throw schemaError('A name is too long to be told apart from further members.', pointer);
    if (branch.next.size === 0) return branch.isName ? `${plain} ${rest}` : rest;
    const options = branch.isName ? [] : ['""'];
    const taken = normalizeRanges([...branch.next.keys()].flatMap((point) => [point, point]));
    const free = intersectRanges(PLAIN_IN_JSON, invertRanges(taken));
    if (free.length > 0) options.push(`${gbnfSet(free)} ${rest}`);
    for (const [point, next] of branch.next)
      // A name with a character that must be escaped cannot be met here.
      if (intersectRanges(PLAIN_IN_JSON, [point, point]).length > 0)
        options.push(`${gbnfSet([point, point])} ${rule('key', spell(next, depth + 1))}`);
    return options.join(' | ');
  };
  return rule('other-key', `"\\"" (${spell(plant(names), 0)}) "\\""`);
}

/** The names as a tree of their characters. */
function plant(names: readonly string[]): Branch {
  const root: Branch = { isName: false, next: new Map() };
  for (const name of names) {
    let branch = root;
    for (const sign of name) {
      const point = sign.codePointAt(0) ?? 0;
      const known: Branch = branch.next.get(point) ?? { isName: false, next: new Map() };
      branch.next.set(point, known);
      branch = known;
    }
    branch.isName = true;
  }
  return root;
}
