import { TemplateFault } from './template-fault.ts';

/** One token of a template. */
export interface TemplateToken {
  readonly kind:
    | 'data'
    | 'block-begin'
    | 'block-end'
    | 'variable-begin'
    | 'variable-end'
    | 'name'
    | 'string'
    | 'integer'
    | 'float'
    | 'operator'
    | 'end';
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const RAW = /\{%([-+]?)\s*raw\s*(-?)%\}([\s\S]*?)\{%([-+]?)\s*endraw\s*([-+]?)%\}/y;
const NAME = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const FLOAT = /\d+(?:_\d+)*(?:\.\d+(?:_\d+)*(?:[eE][+-]?\d+)?|[eE][+-]?\d+)/y;
const INTEGER = /0[xX][\da-fA-F]+(?:_[\da-fA-F]+)*|0[oO][0-7]+|0[bB][01]+|\d+(?:_\d+)*/y;
const STRING = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const CLOSING = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** Splits a template into tokens; line ends become `\n`, and one at the end is dropped. @throws TemplateFault. */
export function lexTemplate(given: string): readonly TemplateToken[] {
  const source = given.replace(/\r\n|\r/g, '\n').replace(/\n$/, '');
  const tokens: TemplateToken[] = [];
  let at = 0;
  let line = 1;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const move = (length: number): void => {
    for (let index = at; index < at + length; index += 1) if (source.charCodeAt(index) === 10) line += 1;
    at += length;
  };
  const push = (kind: TemplateToken['kind'], text: string): void => {
    tokens.push({ kind, text, line });
  };
  const skipBlanks = (): void => {
    move(/^\s*/.exec(source.slice(at))?.[0].length ?? 0);
  };

  /** What lies between `{{` and `}}`, or `{%` and `%}`. */
  const inside = (end: '%}' | '}}'): void => {
    const brackets: string[] = [];
    for (;;) {
      skipBlanks();
      if (at >= source.length) throw new TemplateFault('unexpected end of template', line);
      const close = match(end === '%}' ? /[-+]?%\}/y : /-?\}\}/y);
      if (close !== null && brackets.length === 0) {
        push(end === '%}' ? 'block-end' : 'variable-end', end);
        move(close[0].length);
        if (close[0].startsWith('-')) skipBlanks();
        return;
      }
      const string = match(STRING);
      const name = string === null ? match(NAME) : null;
      const float = string === null && name === null ? match(FLOAT) : null;
      const integer = string === null && name === null && float === null ? match(INTEGER) : null;
      const operator = string ?? name ?? float ?? integer ?? match(OPERATOR);
      if (operator === null) throw new TemplateFault(`unexpected char '${source.charAt(at)}' at ${at}`, line);
      const [text] = operator;
      if (string !== null) push('string', unescapeText(text.slice(1, -1)));
      else if (name !== null) push('name', text);
      else if (float !== null) push('float', text.replaceAll('_', ''));
      else if (integer !== null) push('integer', text.replaceAll('_', ''));
      else {
        if ('([{'.includes(text)) brackets.push(text);
        const open = CLOSING.get(text);
        if (open !== undefined && brackets.pop() !== open)
          throw new TemplateFault(`unexpected '${text}'`, line);
        push('operator', text);
      }
      move(text.length);
    }
  };

  while (at < source.length) {
    const next = /\{[{%#]/.exec(source.slice(at));
    const length = next === null ? source.length - at : next.index;
    const data = source.slice(at, at + length);
    const sign = source.charAt(at + length + 2);
    const shown = next !== null && sign === '-' ? data.trimEnd() : data;
    if (shown !== '') push('data', shown);
    move(length);
    if (next === null) break;
    const raw = match(RAW);
    if (raw !== null) {
      let body = raw[3] ?? '';
      if (raw[2] === '-') body = body.trimStart();
      if (raw[4] === '-') body = body.trimEnd();
      if (body !== '') push('data', body);
      move(raw[0].length);
      if (raw[5] === '-') skipBlanks();
    } else if (next[0] === '{#') {
      const end = source.indexOf('#}', at + 2);
      if (end < 0) throw new TemplateFault('Missing end of comment tag', line);
      const isStripped = end > at + 2 && source.charAt(end - 1) === '-';
      move(end + 2 - at);
      if (isStripped) skipBlanks();
    } else {
      const isBlock = next[0] === '{%';
      push(isBlock ? 'block-begin' : 'variable-begin', next[0]);
      move(sign === '-' || (sign === '+' && isBlock) ? 3 : 2);
      inside(isBlock ? '%}' : '}}');
    }
  }
  push('end', '');
  return tokens;
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['\n', ''],
]);

/** Escapes of Python's strings; those it does not know stay as they are. */
function unescapeText(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, other?: string) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) return fromCode(Number.parseInt(hex, 16), whole);
      if (octal !== undefined) return fromCode(Number.parseInt(octal, 8), whole);
      return ESCAPES.get(other ?? '') ?? whole;
    },
  );
}

const fromCode = (code: number, otherwise: string): string =>
  code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
