import type { CallArguments, Expression } from './template-nodes.ts';
import type { TokenStream } from './token-stream.ts';

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
const NO_ARGUMENTS: CallArguments = { values: [], named: [] };
const constant = (value: string | number | boolean | null, isFloat = false): Expression => ({
  kind: 'constant',
  value,
  isFloat,
});

/** Reads an expression: a choice, else what it is made of. @throws TemplateFault. */
export function parseExpression(tokens: TokenStream, hasChoice = true): Expression {
  return tokens.within(() => {
    if (!hasChoice) return parseOr(tokens);
    let value = parseOr(tokens);
    while (tokens.skip('name', 'if')) {
      const test = parseOr(tokens);
      const otherwise = tokens.skip('name', 'else') ? parseExpression(tokens) : null;
      value = { kind: 'choice', test, then: value, otherwise };
    }
    return value;
  });
}

/** Reads one expression, or several with commas between them as a tuple. */
export function parseTuple(
  tokens: TokenStream,
  hasChoice = true,
  isEnd: () => boolean = () => false,
): Expression {
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0 && !tokens.skip('operator', ',')) break;
    if (items.length > 0) isTuple = true;
    const { kind, text } = tokens.current;
    if (kind === 'variable-end' || kind === 'block-end' || text === ')' || isEnd()) break;
    items.push(parseExpression(tokens, hasChoice));
    if (!tokens.isAt('operator', ',')) break;
  }
  const [first] = items;
  if (!isTuple && first !== undefined) return first;
  if (!isTuple) tokens.fail(`Expected an expression, got '${tokens.current.text}'`);
  return { kind: 'tuple', items };
}

function parseOr(tokens: TokenStream): Expression {
  let left = parseAnd(tokens);
  while (tokens.skip('name', 'or')) left = { kind: 'or', left, right: parseAnd(tokens) };
  return left;
}

function parseAnd(tokens: TokenStream): Expression {
  let left = parseNot(tokens);
  while (tokens.skip('name', 'and')) left = { kind: 'and', left, right: parseNot(tokens) };
  return left;
}

function parseNot(tokens: TokenStream): Expression {
  if (tokens.isAt('name', 'not')) {
    tokens.next();
    return { kind: 'not', of: tokens.within(() => parseNot(tokens)) };
  }
  return parseComparison(tokens);
}

function parseComparison(tokens: TokenStream): Expression {
  const { line } = tokens.current;
  const first = parseSum(tokens);
  const rest: { operator: string; value: Expression }[] = [];
  for (;;) {
    if (tokens.current.kind === 'operator' && COMPARISONS.has(tokens.current.text)) {
      const operator = tokens.next().text;
      rest.push({ operator, value: parseSum(tokens) });
    } else if (tokens.skip('name', 'in')) rest.push({ operator: 'in', value: parseSum(tokens) });
    else if (
      tokens.isAt('name', 'not') &&
      tokens.following.text === 'in' &&
      tokens.following.kind === 'name'
    ) {
      tokens.next();
      tokens.next();
      rest.push({ operator: 'not in', value: parseSum(tokens) });
    } else break;
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, line };
}

function parseMath(
  tokens: TokenStream,
  operators: string,
  parseOperand: (tokens: TokenStream) => Expression,
): Expression {
  let left = parseOperand(tokens);
  while (tokens.current.kind === 'operator' && operators.split(' ').includes(tokens.current.text)) {
    const { text: operator, line } = tokens.next();
    left = { kind: 'math', operator, left, right: parseOperand(tokens), line };
  }
  return left;
}

const parseSum = (tokens: TokenStream): Expression => parseMath(tokens, '+ -', parseConcat);

function parseConcat(tokens: TokenStream): Expression {
  const first = parseProduct(tokens);
  const parts = [first];
  while (tokens.skip('operator', '~')) parts.push(parseProduct(tokens));
  return parts.length === 1 ? first : { kind: 'concat', parts };
}

const parseProduct = (tokens: TokenStream): Expression => parseMath(tokens, '* / // %', parsePower);
const parsePower = (tokens: TokenStream): Expression =>
  parseMath(tokens, '**', (own) => parseUnary(own, true));

function parseUnary(tokens: TokenStream, hasFilters: boolean): Expression {
  let value: Expression;
  if (tokens.skip('operator', '-'))
    value = { kind: 'negative', of: tokens.within(() => parseUnary(tokens, false)) };
  else if (tokens.skip('operator', '+'))
    value = { kind: 'positive', of: tokens.within(() => parseUnary(tokens, false)) };
  else value = parsePrimary(tokens);
  value = parsePostfix(tokens, value);
  return hasFilters ? parseFilters(tokens, value) : value;
}

function parsePrimary(tokens: TokenStream): Expression {
  const { kind, text } = tokens.current;
  switch (kind) {
    case 'name': {
      tokens.next();
      const known = CONSTANTS.get(text);
      return known === undefined ? { kind: 'name', name: text } : constant(known);
    }
    case 'string': {
      let whole = '';
      while (tokens.isAt('string')) whole += tokens.next().text;
      return constant(whole);
    }
    case 'integer':
      return constant(Number(tokens.next().text));
    case 'float':
      return constant(Number(tokens.next().text), true);
    default:
  }
  if (tokens.skip('operator', '(')) {
    if (tokens.skip('operator', ')')) return { kind: 'tuple', items: [] };
    const value = tokens.within(() => parseTuple(tokens));
    tokens.expect('operator', ')');
    return value;
  }
  if (tokens.skip('operator', '[')) {
    const items: Expression[] = [];
    while (!tokens.isAt('operator', ']')) {
      if (items.length > 0) tokens.expect('operator', ',');
      if (tokens.isAt('operator', ']')) break;
      items.push(parseExpression(tokens));
    }
    tokens.expect('operator', ']');
    return { kind: 'list', items };
  }
  if (tokens.skip('operator', '{')) {
    const entries: [Expression, Expression][] = [];
    while (!tokens.isAt('operator', '}')) {
      if (entries.length > 0) tokens.expect('operator', ',');
      if (tokens.isAt('operator', '}')) break;
      const key = parseExpression(tokens);
      tokens.expect('operator', ':');
      entries.push([key, parseExpression(tokens)]);
    }
    tokens.expect('operator', '}');
    return { kind: 'dict', entries };
  }
  return tokens.fail(`unexpected '${text}'`);
}

/** Attributes, items and calls behind a value. */
export function parsePostfix(tokens: TokenStream, given: Expression): Expression {
  let value = given;
  for (;;) {
    const { line } = tokens.current;
    if (tokens.skip('operator', '.')) {
      if (tokens.isAt('integer'))
        value = { kind: 'item', of: value, key: constant(Number(tokens.next().text)) };
      else value = { kind: 'attribute', of: value, name: tokens.expect('name').text };
    } else if (tokens.skip('operator', '[')) {
      const keys: Expression[] = [];
      while (!tokens.isAt('operator', ']')) {
        if (keys.length > 0) tokens.expect('operator', ',');
        keys.push(parseSubscript(tokens));
      }
      tokens.expect('operator', ']');
      const [first] = keys;
      if (first === undefined) tokens.fail('expected a subscript');
      value = { kind: 'item', of: value, key: keys.length === 1 ? first : { kind: 'tuple', items: keys } };
    } else if (tokens.isAt('operator', '('))
      value = { kind: 'call', callee: value, given: parseArguments(tokens), line };
    else return value;
  }
}

function parseSubscript(tokens: TokenStream): Expression {
  const isOpen = (): boolean =>
    !tokens.isAt('operator', ':') && !tokens.isAt('operator', ']') && !tokens.isAt('operator', ',');
  const from = isOpen() ? parseExpression(tokens) : null;
  if (!tokens.skip('operator', ':')) return from ?? tokens.fail('expected a subscript');
  const to = isOpen() ? parseExpression(tokens) : null;
  const step = tokens.skip('operator', ':') && isOpen() ? parseExpression(tokens) : null;
  return { kind: 'slice', from, to, step };
}

/** Reads arguments in parentheses. @throws TemplateFault. */
export function parseArguments(tokens: TokenStream): CallArguments {
  tokens.expect('operator', '(');
  const values: { value: Expression; isSpread: boolean }[] = [];
  const named: { name: string; value: Expression }[] = [];
  for (let isFirst = true; !tokens.isAt('operator', ')'); isFirst = false) {
    if (!isFirst) tokens.expect('operator', ',');
    if (tokens.isAt('operator', ')')) break;
    if (tokens.skip('operator', '*')) values.push({ value: parseExpression(tokens), isSpread: true });
    else if (tokens.skip('operator', '**')) named.push({ name: '', value: parseExpression(tokens) });
    else if (tokens.isAt('name') && tokens.following.kind === 'operator' && tokens.following.text === '=') {
      const name = tokens.next().text;
      tokens.next();
      named.push({ name, value: parseExpression(tokens) });
    } else {
      if (named.length > 0) tokens.fail('invalid syntax for function call expression');
      values.push({ value: parseExpression(tokens), isSpread: false });
    }
  }
  tokens.expect('operator', ')');
  return { values, named };
}

function parseFilters(tokens: TokenStream, given: Expression): Expression {
  let value = given;
  for (;;) {
    if (tokens.isAt('operator', '|')) value = parseFilter(tokens, value);
    else if (tokens.isAt('name', 'is')) value = parseTest(tokens, value);
    else if (tokens.isAt('operator', '('))
      value = { kind: 'call', callee: value, line: tokens.current.line, given: parseArguments(tokens) };
    else return value;
  }
}

function dottedName(tokens: TokenStream): string {
  let name = tokens.expect('name').text;
  while (tokens.skip('operator', '.')) name += `.${tokens.expect('name').text}`;
  return name;
}

/** Reads filters; a filter block begins without a `|`. */
export function parseFilter(tokens: TokenStream, given: Expression | null, isBlock = false): Expression {
  let value = given;
  for (let isFirst = isBlock; isFirst || tokens.isAt('operator', '|'); isFirst = false) {
    if (!isFirst) tokens.next();
    const { line } = tokens.current;
    const name = dottedName(tokens);
    const args = tokens.isAt('operator', '(') ? parseArguments(tokens) : NO_ARGUMENTS;
    value = { kind: 'filter', of: value, name, given: args, line };
  }
  return value ?? tokens.fail('expected a filter');
}

function parseTest(tokens: TokenStream, of: Expression): Expression {
  const { line } = tokens.next();
  const isDenied = tokens.skip('name', 'not');
  const name = dottedName(tokens);
  const { kind, text } = tokens.current;
  let given = NO_ARGUMENTS;
  if (kind === 'operator' && text === '(') given = parseArguments(tokens);
  else if (
    ['string', 'integer', 'float'].includes(kind) ||
    (kind === 'name' && !['else', 'or', 'and', 'if', 'is', 'not', 'in'].includes(text)) ||
    (kind === 'operator' && (text === '[' || text === '{'))
  ) {
    const value = parsePostfix(tokens, parsePrimary(tokens));
    given = { values: [{ value, isSpread: false }], named: [] };
  }
  return { kind: 'test', of, name, given, isDenied, line };
}
