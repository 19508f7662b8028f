import { checkJson } from '../python/check-json.ts';
import { pythonRepr } from '../python/python-repr.ts';
import { createPythonRegex } from '../python/python-regex.ts';
import {
  TEXT_TESTS,
  capitalized,
  cutText,
  expandTabs,
  separateThousands,
  splitBlank,
  splitLines,
  stripText,
  swapped,
  titled,
} from '../python/python-text.ts';
import { roundDecimal } from '../python/round-decimal.ts';
import { pythonMessage } from './python-message.ts';
import type { HostFunction, HostValue } from './value-bridge.ts';

const text = (value: HostValue | undefined): string => (typeof value === 'string' ? value : '');
const place = (value: HostValue | undefined): number | null => (typeof value === 'number' ? value : null);
const number = (value: HostValue | undefined): number => (typeof value === 'number' ? value : 0);

/** Text of JSON; with `isAscii` everything beyond ASCII is escaped. */
function quote(source: string, isAscii: boolean): string {
  const quoted = JSON.stringify(source).replaceAll('\x7f', isAscii ? '\\u007f' : '\x7f');
  if (!isAscii) return quoted;
  return quoted.replace(/[\x80-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What Python may ask of the host: pure functions over texts and numbers. */
export function createHostFunctions(): { readonly [name: string]: HostFunction } {
  const regex = createPythonRegex();
  return {
    lower: (source) => text(source).toLowerCase(),
    upper: (source) => text(source).toUpperCase(),
    swapcase: (source) => swapped(text(source)),
    title: (source) => titled(text(source)),
    capitalize: (source) => capitalized(text(source)),
    test: (source, name) => TEXT_TESTS.get(text(name))?.test(text(source)) ?? false,
    strip: (source, characters, sides) =>
      stripText(text(source), typeof characters === 'string' ? characters : null, number(sides)),
    split: (source, most) => JSON.stringify(splitBlank(text(source), number(most), false)),
    rsplit: (source, most) => JSON.stringify(splitBlank(text(source), number(most), true)),
    splitlines: (source, keepsEnds) => JSON.stringify(splitLines(text(source), keepsEnds === true)),
    cut: (source, from, to, step) =>
      cutText(text(source), place(from), place(to), typeof step === 'number' ? step : 1),
    expandtabs: (source, size) => expandTabs(text(source), number(size)),
    repr: (source) => pythonRepr(text(source)),
    quote: (source, isAscii) => quote(text(source), isAscii === true),
    message: (source) => pythonMessage(text(source)),
    json: (source, isStrict) => checkJson(text(source), isStrict !== false),
    round: (value, digits) => roundDecimal(number(value), number(digits)),
    separate: (_spec, formatted) => separateThousands(text(formatted)),
    encodeuri: (source, safe) => encodeUri(text(source), text(safe)),
    decodeuri: (source) => decodeUri(text(source)),
    re_compile: (pattern, flags) => regex.compile(text(pattern), number(flags)),
    re_find: (handle, source, from, mode) =>
      regex.find(number(handle), text(source), number(from), text(mode)),
  };
}

/** Escapes all bytes but letters, digits, `_.-~` and those of `safe`. */
function encodeUri(source: string, safe: string): string {
  return Array.from(new TextEncoder().encode(source), (byte) => {
    const character = String.fromCharCode(byte);
    if (byte < 0x80 && (/[\w.~-]/.test(character) || safe.includes(character))) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function decodeUri(source: string): string {
  return source.replace(/(?:%[\da-fA-F]{2})+/g, (escaped) => {
    const bytes = escaped
      .slice(1)
      .split('%')
      .map((digits) => Number.parseInt(digits, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}
