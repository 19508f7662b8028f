import type { Selector, Template } from '../../src/contracts/plan-configs.ts';

/** `{{#node.name.…#}}`, as Dify reads it: no hyphen in ids, at most 10 names. */
const MARK = /\{\{#([a-zA-Z0-9_]{1,50}(?:\.[a-zA-Z_][a-zA-Z0-9_]{0,29}){1,10})#\}\}/g;
const CONTEXT_MARK = '{{#context#}}';

/** Options of {@link parseTemplate}. */
export interface TemplateOptions {
  /** Whether `{{#context#}}` stands for passages. Default false: it is text. */
  readonly hasContext?: boolean;
  /** Variables of old nodes, which are written `{{name}}`. Default none. */
  readonly names?: ReadonlyMap<string, Selector>;
  /** Id of the step of a node. Default: the same. */
  readonly stepOf?: (node: string) => string;
}

/** Reads a text of an exported app with marks for values; what is no mark stays as it is, character for character. */
export function parseTemplate(text: string, options: TemplateOptions = {}): Template {
  const {
    hasContext = false,
    names = new Map<string, Selector>(),
    stepOf = (node: string) => node,
  } = options;
  const pieces: (string | { readonly from: Selector })[] = [];
  const add = (piece: string): void => {
    if (piece === '') return;
    const last = pieces.at(-1);
    if (typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  };
  const addNames = (piece: string): void => {
    if (names.size === 0) {
      add(piece);
      return;
    }
    let at = 0;
    for (const match of piece.matchAll(/\{\{\s*([A-Za-z_]\w*)\s*\}\}/g)) {
      const from = names.get(match[1] ?? '');
      if (from === undefined) continue;
      add(piece.slice(at, match.index));
      pieces.push({ from: toStep(from, stepOf) });
      at = match.index + match[0].length;
    }
    add(piece.slice(at));
  };
  const addContext = (piece: string): void => {
    if (!hasContext) {
      addNames(piece);
      return;
    }
    piece.split(CONTEXT_MARK).forEach((part, index) => {
      if (index > 0) pieces.push({ from: ['context', 'text'] });
      addNames(part);
    });
  };
  let at = 0;
  for (const match of text.matchAll(MARK)) {
    addContext(text.slice(at, match.index));
    const [scope = '', name = '', ...path] = (match[1] ?? '').split('.');
    pieces.push({ from: toStep([scope, name, ...path], stepOf) });
    at = match.index + match[0].length;
  }
  addContext(text.slice(at));
  return pieces;
}

/** Names the step in place of the node. */
export function toStep([scope, name, ...path]: Selector, stepOf: (node: string) => string): Selector {
  return [stepOf(scope), name, ...path];
}

/** The selectors of the marks in a text. */
export function marksIn(text: string): readonly Selector[] {
  return [...text.matchAll(MARK)].map((match): Selector => {
    const [scope = '', name = '', ...path] = (match[1] ?? '').split('.');
    return [scope, name, ...path];
  });
}
