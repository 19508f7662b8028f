import { lexTemplate } from './lex-template.ts';
import { parseExpression, parseFilter, parseTuple } from './parse-expression.ts';
import type { Expression, Parameter, Statement, Target } from './template-nodes.ts';
import { TokenStream } from './token-stream.ts';

/** Statements that read other templates, of which there are none. */
const FOREIGN = new Set(['extends', 'include', 'import', 'from']);

/** Reads a template. @throws TemplateFault. */
export function parseJinja(source: string): readonly Statement[] {
  const tokens = new TokenStream(lexTemplate(source));
  const body = parseBody(tokens, []);
  if (!tokens.isAt('end')) tokens.fail(`Encountered unknown tag '${tokens.following.text}'.`);
  return body;
}

/** Reads up to one of the tags; its `{%` is read, its name is not. */
function parseBody(tokens: TokenStream, ends: readonly string[]): readonly Statement[] {
  const body: Statement[] = [];
  for (;;) {
    const { kind, text, line } = tokens.current;
    if (kind === 'data') body.push({ kind: 'text', text: tokens.next().text });
    else if (kind === 'variable-begin') {
      tokens.next();
      body.push({ kind: 'output', value: parseTuple(tokens), line });
      tokens.expect('variable-end');
    } else if (kind === 'block-begin') {
      if (ends.includes(tokens.following.text)) {
        tokens.next();
        return body;
      }
      tokens.next();
      body.push(tokens.within(() => parseStatement(tokens)));
    } else if (kind === 'end') {
      if (ends.length > 0)
        tokens.fail(
          `Unexpected end of template. Jinja was looking for the following tags: '${ends.join("' or '")}'.`,
        );
      return body;
    } else tokens.fail(`unexpected '${text}'`);
  }
}

/** A body up to its end tag, which is read. */
function parseBlock(tokens: TokenStream, end: string): readonly Statement[] {
  tokens.expect('block-end');
  const body = parseBody(tokens, [end]);
  tokens.next();
  return body;
}

function parseStatement(tokens: TokenStream): Statement {
  const { text: name, line } = tokens.expect('name');
  const finish = (statement: Statement): Statement => {
    tokens.expect('block-end');
    return statement;
  };
  switch (name) {
    case 'if':
      return parseIf(tokens);
    case 'for':
      return parseFor(tokens, line);
    case 'set':
      return parseSet(tokens, line);
    case 'print':
      return finish({ kind: 'output', value: parseTuple(tokens), line });
    case 'macro': {
      const title = tokens.expect('name').text;
      const parameters = parseParameters(tokens);
      return finish({ kind: 'macro', name: title, parameters, body: parseBlock(tokens, 'endmacro') });
    }
    case 'call': {
      const parameters = tokens.isAt('operator', '(') ? parseParameters(tokens) : [];
      const call = parseExpression(tokens);
      return finish({ kind: 'call-block', call, parameters, body: parseBlock(tokens, 'endcall'), line });
    }
    case 'filter': {
      const filter = parseFilter(tokens, null, true);
      return finish({ kind: 'filter-block', filter, body: parseBlock(tokens, 'endfilter') });
    }
    case 'with': {
      const values: { target: Target; value: Expression }[] = [];
      while (!tokens.isAt('block-end')) {
        if (values.length > 0) tokens.expect('operator', ',');
        const target = parseTarget(tokens);
        tokens.expect('operator', '=');
        values.push({ target, value: parseExpression(tokens) });
      }
      return finish({ kind: 'with', values, body: parseBlock(tokens, 'endwith') });
    }
    case 'autoescape':
      if (!tokens.skip('name', 'false') && !tokens.skip('name', 'False'))
        tokens.fail('values are not escaped by themselves here');
      return finish({ kind: 'group', body: parseBlock(tokens, 'endautoescape') });
    case 'block': {
      tokens.expect('name');
      while (tokens.isAt('name', 'scoped') || tokens.isAt('name', 'required')) tokens.next();
      const body = parseBlock(tokens, 'endblock');
      tokens.skip('name');
      return finish({ kind: 'group', body });
    }
    default:
      return tokens.fail(
        FOREIGN.has(name)
          ? `'${name}' needs another template, and there is none`
          : `Encountered unknown tag '${name}'.`,
      );
  }
}

function parseIf(tokens: TokenStream): Statement {
  const cases: { test: Expression; body: readonly Statement[] }[] = [];
  let otherwise: readonly Statement[] = [];
  for (;;) {
    const test = parseTuple(tokens, false);
    tokens.expect('block-end');
    cases.push({ test, body: parseBody(tokens, ['elif', 'else', 'endif']) });
    const tag = tokens.next().text;
    if (tag === 'elif') continue;
    if (tag === 'else') otherwise = parseBlock(tokens, 'endif');
    tokens.expect('block-end');
    return { kind: 'if', cases, otherwise };
  }
}

function parseFor(tokens: TokenStream, line: number): Statement {
  const target = parseTarget(tokens, true);
  tokens.expect('name', 'in');
  const items = parseTuple(tokens, false, () => tokens.isAt('name', 'recursive'));
  const test = tokens.skip('name', 'if') ? parseExpression(tokens) : null;
  const isRecursive = tokens.skip('name', 'recursive');
  tokens.expect('block-end');
  const body = parseBody(tokens, ['endfor', 'else']);
  const otherwise = tokens.next().text === 'else' ? parseBlock(tokens, 'endfor') : [];
  tokens.expect('block-end');
  return { kind: 'for', target, items, test, isRecursive, body, otherwise, line };
}

function parseSet(tokens: TokenStream, line: number): Statement {
  const target = parseTarget(tokens, true);
  if (tokens.skip('operator', '=')) {
    const value = parseTuple(tokens);
    tokens.expect('block-end');
    return { kind: 'set', target, value, line };
  }
  const filter = tokens.isAt('operator', '|') ? parseFilterChain(tokens) : null;
  const body = parseBlock(tokens, 'endset');
  tokens.expect('block-end');
  return { kind: 'set-block', target, filter, body };
}

function parseFilterChain(tokens: TokenStream): Expression {
  tokens.next();
  return parseFilter(tokens, null, true);
}

/** One place, or with `isList` several with commas between them. */
function parseTarget(tokens: TokenStream, isList = false): Target {
  const items: Target[] = [];
  let isTuple = false;
  for (;;) {
    if (tokens.skip('operator', '(')) {
      items.push(parseTarget(tokens, true));
      tokens.expect('operator', ')');
    } else {
      const name = tokens.expect('name').text;
      if (tokens.skip('operator', '.'))
        items.push({ kind: 'member', of: name, name: tokens.expect('name').text });
      else items.push({ kind: 'name', name });
    }
    if (!isList || !tokens.skip('operator', ',')) break;
    isTuple = true;
    if (!tokens.isAt('name') && !tokens.isAt('operator', '(')) break;
    if (tokens.isAt('name', 'in')) break;
  }
  const [first] = items;
  return !isTuple && first !== undefined ? first : { kind: 'targets', items };
}

function parseParameters(tokens: TokenStream): readonly Parameter[] {
  tokens.expect('operator', '(');
  const parameters: Parameter[] = [];
  while (!tokens.isAt('operator', ')')) {
    if (parameters.length > 0) tokens.expect('operator', ',');
    if (tokens.isAt('operator', ')')) break;
    const name = tokens.expect('name').text;
    const otherwise = tokens.skip('operator', '=') ? parseExpression(tokens) : null;
    parameters.push({ name, otherwise });
  }
  tokens.expect('operator', ')');
  return parameters;
}
