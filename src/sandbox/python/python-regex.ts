import { RegexFault, translateRegex } from './translate-regex.ts';

/** Patterns of one interpreter, by number. */
export interface PythonRegex {
  /** JSON: `{"handle": 3, "names": ["", "year"]}`, or `{"fault": "…"}`. */
  compile(pattern: string, flags: number): string;
  /**
   * JSON: a list of matches, each `[[start, end] or null, …]`, the whole first, with places in code points.
   * @param mode - `search`, `match`, `fullmatch`, or `all`.
   */
  find(handle: number, text: string, from: number, mode: string): string;
}

interface Compiled {
  readonly search: RegExp;
  readonly match: RegExp;
  readonly full: RegExp;
}

/** Runs patterns of Python's `re` on the regular expressions of JavaScript. */
export function createPythonRegex(): PythonRegex {
  const patterns: Compiled[] = [];
  const handles = new Map<string, string>();
  return {
    compile(pattern, flags) {
      const key = `${flags}:${pattern}`;
      const known = handles.get(key);
      if (known !== undefined) return known;
      try {
        const { source, flags: own, groups } = translateRegex(pattern, flags);
        patterns.push({
          search: new RegExp(source, `${own}gd`),
          match: new RegExp(source, `${own}yd`),
          full: new RegExp(`(?:${source})(?![\\s\\S])`, `${own}yd`),
        });
        const outcome = JSON.stringify({ handle: patterns.length - 1, names: groups });
        handles.set(key, outcome);
        return outcome;
      } catch (error) {
        if (!(error instanceof RegexFault) && !(error instanceof SyntaxError)) throw error;
        return JSON.stringify({ fault: error.message });
      }
    },
    find(handle, text, from, mode) {
      const pattern = patterns[handle];
      if (pattern === undefined) return '[]';
      const places = placesOf(text);
      const start = places.unitOf(from);
      if (mode !== 'all') {
        const regex = mode === 'search' ? pattern.search : mode === 'match' ? pattern.match : pattern.full;
        regex.lastIndex = start;
        const found = regex.exec(text);
        return JSON.stringify(found === null ? [] : [spans(found, places.pointOf)]);
      }
      pattern.search.lastIndex = start;
      const found: unknown[] = [];
      for (let match = pattern.search.exec(text); match !== null; match = pattern.search.exec(text)) {
        found.push(spans(match, places.pointOf));
        if (match[0] === '') {
          const isPair = (text.codePointAt(match.index) ?? 0) > 0xffff;
          pattern.search.lastIndex = match.index + (isPair ? 2 : 1);
          if (match.index >= text.length) break;
        }
      }
      return JSON.stringify(found);
    },
  };
}

function spans(
  match: RegExpExecArray,
  pointOf: (unit: number) => number,
): readonly (readonly number[] | null)[] {
  return Array.from(match.indices ?? [], (span: readonly [number, number] | undefined) =>
    span === undefined ? null : [pointOf(span[0]), pointOf(span[1])],
  );
}

/** Turns places in code points into places in UTF-16, and back. */
function placesOf(text: string): { unitOf: (point: number) => number; pointOf: (unit: number) => number } {
  if (!/[\ud800-\udbff]/.test(text)) return { unitOf: (point) => point, pointOf: (unit) => unit };
  const units: number[] = [];
  const points = new Uint32Array(text.length + 1);
  let unit = 0;
  for (const character of text) {
    points[unit] = units.length;
    units.push(unit);
    unit += character.length;
  }
  points[unit] = units.length;
  return { unitOf: (point) => units[point] ?? text.length, pointOf: (at) => points[at] ?? units.length };
}
