/** Flags of Python's `re`. */
export const RE_FLAGS = { ignoreCase: 2, multiLine: 8, dotAll: 16, verbose: 64, ascii: 256 } as const;

/** A pattern of Python in JavaScript's words. */
export interface TranslatedRegex {
  readonly source: string;
  /** Of JavaScript, without `g` and `y`. */
  readonly flags: string;
  /** Names of groups in the order of their numbers; '' for those without. */
  readonly groups: readonly string[];
}

/** A pattern that Python refuses, or that JavaScript has no words for. */
export class RegexFault extends Error {
  override readonly name = 'RegexFault';
}

const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const WORD = '\\p{L}\\p{M}\\p{N}_';
/** Syntax characters of JavaScript's patterns in Unicode mode. */
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;
const LETTERS: ReadonlyMap<string, number> = new Map([
  ['a', 256],
  ['i', 2],
  ['m', 8],
  ['s', 16],
  ['u', 0],
  ['x', 64],
]);

/**
 * Translates a pattern of Python's `re`: named groups, `\A`, `\Z`, `$` before a last line break, Unicode's letters, digits and blanks,
 * inline flags at the beginning, verbose patterns.
 * @throws RegexFault where it is none, or needs conditional or atomic groups or lone flags within.
 */
export function translateRegex(pattern: string, givenFlags: number): TranslatedRegex {
  let flags = givenFlags;
  let source = pattern;
  const inline = /^\(\?([aimsux]+)\)/.exec(source);
  if (inline !== null) {
    for (const letter of inline[1] ?? '') flags |= LETTERS.get(letter) ?? 0;
    source = source.slice(inline[0].length);
  }
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const isAscii = has(RE_FLAGS.ascii);
  const groups: string[] = [];
  const sets: Readonly<Record<string, string>> = isAscii
    ? { d: '0-9', w: 'A-Za-z0-9_', s: '\\t-\\r\\x20' }
    : { d: '\\p{Nd}', w: WORD, s: SPACE };
  let at = 0;
  let out = '';
  const fail = (message: string): never => {
    throw new RegexFault(`${message} at position ${at}`);
  };
  const literal = (character: string): string => (SYNTAX.test(character) ? `\\${character}` : character);

  /** A backslash and what belongs to it. */
  const escape = (isInSet: boolean): string => {
    const character = source.charAt(at + 1);
    if (character === '') fail('bad escape (end of pattern)');
    at += 2;
    const set = sets[character.toLowerCase()];
    if (set !== undefined) {
      if (character === character.toLowerCase()) return isInSet ? set : `[${set}]`;
      if (!isInSet) return `[^${set}]`;
      // Within a set only classes that JavaScript names can be denied.
      return { D: '\\P{Nd}', W: '\\W', S: '\\S' }[character] ?? fail('bad escape');
    }
    if (!isInSet && character === 'A') return '(?<![\\s\\S])';
    if (!isInSet && character === 'Z') return '(?![\\s\\S])';
    if (!isInSet && (character === 'b' || character === 'B')) {
      const word = `[${sets['w'] ?? ''}]`;
      const edge = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
      return character === 'b' ? edge : `(?!${edge})`;
    }
    if (isInSet && character === 'b') return '\\x08';
    if ('nrtfv'.includes(character)) return `\\${character}`;
    if (character === 'a') return '\\x07';
    if ('xuU'.includes(character)) {
      const length = { x: 2, u: 4, U: 8 }[character] ?? 2;
      const digits = source.slice(at, at + length);
      if (digits.length < length || !/^[\da-fA-F]+$/.test(digits)) fail(`incomplete escape \\${character}`);
      at += length;
      return `\\u{${digits.replace(/^0+(?=.)/, '')}}`;
    }
    if (/\d/.test(character)) {
      const octal = /^(?:0[0-7]{0,2}|[0-3][0-7]{2})/.exec(source.slice(at - 1));
      if (octal !== null) {
        at += octal[0].length - 1;
        return `\\u{${Number.parseInt(octal[0], 8).toString(16)}}`;
      }
      if (isInSet) fail(`bad escape \\${character}`);
      const second = /\d/.test(source.charAt(at)) ? source.charAt(at) : '';
      at += second.length;
      if (Number(character + second) > groups.length) fail(`invalid group reference ${character}${second}`);
      return `(?:\\${character}${second})`;
    }
    if (/[A-Za-z]/.test(character)) fail(`bad escape \\${character}`);
    return isInSet && character === '-' ? '\\-' : literal(character);
  };

  const characterSet = (): string => {
    const begin = at;
    at += 1;
    let inner = '';
    if (source.charAt(at) === '^') {
      inner = '^';
      at += 1;
    }
    for (let isFirst = true; ; isFirst = false) {
      const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
      if (at >= source.length) {
        at = begin;
        fail('unterminated character set');
      }
      if (character === ']' && !isFirst) break;
      if (character === '\\') inner += escape(true);
      else {
        at += character.length;
        const isRange = character === '-' && !isFirst && source.charAt(at) !== ']';
        inner += character === '-' && !isRange ? '\\-' : isRange ? '-' : literal(character);
      }
    }
    at += 1;
    return `[${inner}]`;
  };

  const group = (): string => {
    const rest = source.slice(at);
    const named = /^\(\?P<([\p{L}_][\p{L}\p{N}_]*)>/u.exec(rest);
    if (named !== null) {
      at += named[0].length;
      if (groups.includes(named[1] ?? '')) fail(`redefinition of group name '${named[1] ?? ''}'`);
      groups.push(named[1] ?? '');
      return '(';
    }
    const back = /^\(\?P=([\p{L}_][\p{L}\p{N}_]*)\)/u.exec(rest);
    if (back !== null) {
      at += back[0].length;
      const index = groups.indexOf(back[1] ?? '') + 1;
      if (index === 0) fail(`unknown group name '${back[1] ?? ''}'`);
      return `(?:\\${index})`;
    }
    const comment = /^\(\?#[^)]*\)/.exec(rest);
    if (comment !== null) {
      at += comment[0].length;
      return '';
    }
    const plain = /^\(\?(?:<?[=!]|:)/.exec(rest);
    if (plain !== null) {
      at += plain[0].length;
      return plain[0];
    }
    if (rest.startsWith('(?')) fail('unknown extension');
    at += 1;
    groups.push('');
    return '(';
  };

  let depth = 0;
  while (at < source.length) {
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
    const repeat = /^\{(?:\d+(?:,\d*)?|,\d+)\}/.exec(source.slice(at));
    if (character === '\\') out += escape(false);
    else if (character === '[') out += characterSet();
    else if (character === '(') {
      if (!/^\(\?(?:#|P=)/.test(source.slice(at))) depth += 1;
      out += group();
    } else if (character === ')') {
      depth -= 1;
      if (depth < 0) fail('unbalanced parenthesis');
      out += ')';
      at += 1;
    } else if (character === '.') {
      out += has(RE_FLAGS.dotAll) ? '[\\s\\S]' : '[^\\n]';
      at += 1;
    } else if (character === '^') {
      out += has(RE_FLAGS.multiLine) ? '(?<![^\\n])' : '(?<![\\s\\S])';
      at += 1;
    } else if (character === '$') {
      out += has(RE_FLAGS.multiLine) ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))';
      at += 1;
    } else if (repeat !== null) {
      out += repeat[0].startsWith('{,') ? `{0${repeat[0].slice(1)}` : repeat[0];
      at += repeat[0].length;
    } else if (has(RE_FLAGS.verbose) && /\s/.test(character)) at += 1;
    else if (has(RE_FLAGS.verbose) && character === '#') {
      while (at < source.length && source.charAt(at) !== '\n') at += 1;
    } else if ('*+?|'.includes(character)) {
      out += character;
      at += 1;
    } else {
      out += literal(character);
      at += character.length;
    }
  }
  if (depth > 0) fail('missing ), unterminated subpattern');
  return { source: out, flags: has(RE_FLAGS.ignoreCase) ? 'iu' : 'u', groups };
}
