import { safeLink } from './safe-link.ts';
import type { Inline } from './syntax.ts';

/** Options of the Markdown parser. */
export interface MarkdownOptions {
  /** Address that relative links start from. Default: the document's base address. */
  readonly base?: string;
  /** Whether a line break in the source is one on the screen. Default false: it is a space. */
  readonly hasHardBreaks?: boolean;
}

/** How far a closing mark is looked for, in UTF-16 units: keeps hostile text from costing quadratic time. */
const REACH = 2000;
/** How far the end of a link's label is looked for. */
const LABEL_REACH = 400;
/** How deep marks may nest; deeper ones stay text. */
const DEPTH = 5;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
const CITE = /\[(\d{1,3})\](?![([])|\[(\d{1,3})\](?=\[\d)/y;
const BARE_URL = /https?:\/\/[^\s<>"'`()[\]{}|\\^，。；：！？、（）【】《》“”]+/y;
const TARGET =
  /\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\[!-/:-@[-`{-~]|\([^\s()]*\))*))(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)/y;

interface Found {
  readonly inlines: readonly Inline[];
  readonly end: number;
}

/** Reads the inline marks of one block; whatever is no complete mark stays text. */
export function parseInline(text: string, options: MarkdownOptions = {}, depth = 0): readonly Inline[] {
  const inlines: Inline[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') inlines.push({ type: 'text', text: literal });
    literal = '';
  };
  let at = 0;
  while (at < text.length) {
    const escaped = text.charAt(at) === '\\' ? text.charAt(at + 1) : '';
    if (escaped !== '' && PUNCTUATION.test(escaped)) {
      literal += escaped;
      at += 2;
      continue;
    }
    if (text.charAt(at) === '\n') {
      if (options.hasHardBreaks === true || literal.endsWith('  ')) {
        literal = literal.trimEnd();
        flush();
        inlines.push({ type: 'break' });
      } else if (!(WIDE.test(literal.slice(-1)) && WIDE.test(text.charAt(at + 1)))) {
        // Chinese lines join without a space.
        literal = `${literal.trimEnd()} `;
      }
      at += 1;
      continue;
    }
    const found = depth > DEPTH ? null : readMark(text, at, options, depth);
    if (found === null) {
      const run = plainRun(text, at);
      literal += text.slice(at, at + run);
      at += run;
      continue;
    }
    flush();
    inlines.push(...found.inlines);
    at = found.end;
  }
  flush();
  return inlines;
}

/** Length of what cannot begin a mark, at least 1; a run of one mark that did not open anything is taken whole. */
function plainRun(text: string, at: number): number {
  const first = text.charAt(at);
  let end = at + 1;
  if (first === '`' || first === '*' || first === '_') {
    while (text.charAt(end) === first) end += 1;
    return end - at;
  }
  while (end < text.length && !'\\\n`*_[!h'.includes(text.charAt(end))) end += 1;
  return end - at;
}

function readMark(text: string, at: number, options: MarkdownOptions, depth: number): Found | null {
  switch (text.charAt(at)) {
    case '`':
      return readCode(text, at);
    case '*':
    case '_':
      return readEmphasis(text, at, options, depth);
    case '!': {
      // An image is never fetched: its description is shown instead.
      const link = text.charAt(at + 1) === '[' ? readLabelled(text, at + 1) : null;
      return link && { inlines: [{ type: 'text', text: link.label }], end: link.end };
    }
    case '[':
      return readCite(text, at) ?? readLink(text, at, options, depth);
    case 'h':
      return readBareUrl(text, at, options);
    default:
      return null;
  }
}

function readCode(text: string, at: number): Found | null {
  let length = 1;
  while (text.charAt(at + length) === '`') length += 1;
  const fence = '`'.repeat(length);
  const window = text.slice(0, at + length + REACH);
  let close = window.indexOf(fence, at + length);
  // The closing run must be exactly as long as the opening one.
  while (close !== -1 && window.charAt(close + length) === '`') {
    let past = close + length;
    while (window.charAt(past) === '`') past += 1;
    close = window.indexOf(fence, past);
  }
  if (close === -1) return null;
  const inner = text.slice(at + length, close).replaceAll('\n', ' ');
  const isPadded = inner.startsWith(' ') && inner.endsWith(' ') && inner.trim() !== '';
  return {
    inlines: [{ type: 'code', text: isPadded ? inner.slice(1, -1) : inner }],
    end: close + length,
  };
}

function readEmphasis(text: string, at: number, options: MarkdownOptions, depth: number): Found | null {
  const mark = text.charAt(at);
  let run = 1;
  while (text.charAt(at + run) === mark) run += 1;
  if (run > 3) return null;
  const open = at + run;
  if (/\s/.test(text.charAt(open)) || open >= text.length) return null;
  if (mark === '_' && WORD.test(text.charAt(at - 1))) return null;
  const close = findCloser(text, open, mark, run);
  if (close === -1) return null;
  const children = parseInline(text.slice(open, close), options, depth + 1);
  const inner: Inline = run === 1 ? { type: 'emphasis', children } : { type: 'strong', children };
  return {
    inlines: [run === 3 ? { type: 'emphasis', children: [inner] } : inner],
    end: close + run,
  };
}

/** Place of the closing run of exactly `run` marks, -1 when there is none within reach. */
function findCloser(text: string, open: number, mark: string, run: number): number {
  const limit = Math.min(text.length, open + REACH);
  let at = open;
  while (at < limit) {
    const char = text.charAt(at);
    if (char === '\\') {
      at += 2;
      continue;
    }
    if (char !== mark) {
      at += 1;
      continue;
    }
    let length = 1;
    while (text.charAt(at + length) === mark) length += 1;
    const isAfterText = at > open && !/\s/.test(text.charAt(at - 1));
    const isInWord = mark === '_' && WORD.test(text.charAt(at + length));
    if (length === run && isAfterText && !isInWord) return at;
    at += length;
  }
  return -1;
}

function readCite(text: string, at: number): Found | null {
  CITE.lastIndex = at;
  const match = CITE.exec(text);
  const digits = match?.[1] ?? match?.[2];
  if (match === null || digits === undefined) return null;
  return { inlines: [{ type: 'cite', index: Number(digits) }], end: at + match[0].length };
}

/** Reads `[label](target)`. */
function readLabelled(
  text: string,
  at: number,
): { readonly label: string; readonly target: string; readonly end: number } | null {
  const limit = Math.min(text.length, at + LABEL_REACH);
  let nesting = 0;
  let close = at;
  for (; close < limit; close += 1) {
    const char = text.charAt(close);
    if (char === '\\') close += 1;
    else if (char === '[') nesting += 1;
    else if (char === ']') nesting -= 1;
    if (nesting === 0) break;
  }
  if (nesting !== 0 || text.charAt(close + 1) !== '(') return null;
  TARGET.lastIndex = close + 1;
  const match = TARGET.exec(text.slice(0, close + 1 + REACH));
  if (match === null) return null;
  const target = (match[1] ?? match[2] ?? '').replaceAll(/\\([!-/:-@[-`{-~])/g, '$1');
  return { label: text.slice(at + 1, close), target, end: close + 1 + match[0].length };
}

function readLink(text: string, at: number, options: MarkdownOptions, depth: number): Found | null {
  const link = readLabelled(text, at);
  if (link === null || link.target === '' || link.label.trim() === '') return null;
  const href = safeLink(link.target, options.base ?? document.baseURI);
  // Refused: the whole source stays readable as text.
  if (href === null) return { inlines: [{ type: 'text', text: text.slice(at, link.end) }], end: link.end };
  const children = withoutLinks(parseInline(link.label, options, depth + 1));
  return { inlines: [{ type: 'link', href, children }], end: link.end };
}

/** A link inside a link is not valid HTML: keeps the inner one's text. */
function withoutLinks(inlines: readonly Inline[]): readonly Inline[] {
  return inlines.flatMap((inline): readonly Inline[] => {
    switch (inline.type) {
      case 'link':
        return withoutLinks(inline.children);
      case 'strong':
      case 'emphasis':
        return [{ ...inline, children: withoutLinks(inline.children) }];
      case 'cite':
        return [{ type: 'text', text: `[${inline.index}]` }];
      default:
        return [inline];
    }
  });
}

function readBareUrl(text: string, at: number, options: MarkdownOptions): Found | null {
  // The target of a link whose end has not come yet.
  if (text.slice(Math.max(0, at - 2), at) === '](') return null;
  if (WORD.test(text.charAt(at - 1)) && !WIDE.test(text.charAt(at - 1))) return null;
  BARE_URL.lastIndex = at;
  const match = BARE_URL.exec(text.slice(0, at + REACH));
  if (match === null) return null;
  const source = match[0].replace(/[.,;:!?*_~]+$/, '');
  const href = safeLink(source, options.base ?? document.baseURI);
  if (href === null) return null;
  return {
    inlines: [{ type: 'link', href, children: [{ type: 'text', text: source }] }],
    end: at + source.length,
  };
}
