import type { PythonToken } from './tokenize-python.ts';

/** One import of Python source. */
export interface PythonImport {
  /** With its dots; '.' when it is relative. */
  readonly module: string;
  /** Names that are taken from it; null = the module itself, `['*']` = all. */
  readonly names: readonly string[] | null;
  /** What the module is called in the source; '' for names that are taken from it. */
  readonly alias: string;
}

/** Modules below a package that `from package import module` may mean. */
const SUBMODULES = new Set(['urllib.parse', 'urllib.request', 'http.client', 'os.path', 'collections.abc']);

/** Finds what a source imports, wherever the statement stands. */
export function findImports(tokens: readonly PythonToken[]): readonly PythonImport[] {
  const found: PythonImport[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'name' || !isStatement(tokens, at)) continue;
    if (token.text === 'import') found.push(...readImport(tokens, at + 1));
    if (token.text === 'from') found.push(...readFrom(tokens, at + 1));
  }
  return found;
}

/** Whether a statement begins at a token: at the beginning of a line, or behind `;` or `:`. */
function isStatement(tokens: readonly PythonToken[], at: number): boolean {
  const before = tokens[at - 1];
  return tokens[at]?.isFirst === true || before?.text === ';' || before?.text === ':';
}

function readName(tokens: readonly PythonToken[], from: number): { name: string; next: number } {
  let next = from;
  let name = '';
  for (let token = tokens[next]; token !== undefined; token = tokens[++next]) {
    const isPart = token.kind === 'name' && token.text !== 'import' && token.text !== 'as';
    if (!isPart && token.text !== '.' && token.text !== '...') break;
    if (isPart && name !== '' && !name.endsWith('.')) break;
    name += token.text;
  }
  return { name, next };
}

function readImport(tokens: readonly PythonToken[], from: number): readonly PythonImport[] {
  const found: PythonImport[] = [];
  for (let at = from; ;) {
    const { name, next } = readName(tokens, at);
    if (name === '') return found;
    const isRenamed = tokens[next]?.text === 'as';
    found.push({ module: name, names: null, alias: isRenamed ? (tokens[next + 1]?.text ?? '') : name });
    const end = isRenamed ? next + 2 : next;
    if (tokens[end]?.text !== ',') return found;
    at = end + 1;
  }
}

function readFrom(tokens: readonly PythonToken[], from: number): readonly PythonImport[] {
  const { name, next } = readName(tokens, from);
  if (tokens[next]?.text !== 'import') return [];
  if (name.startsWith('.')) return [{ module: '.', names: [], alias: '' }];
  const isWrapped = tokens[next + 1]?.text === '(';
  const names: string[] = [];
  for (let at = next + (isWrapped ? 2 : 1); at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined || token.kind === 'newline' || token.text === ')' || token.text === ';') break;
    if (token.text === 'as') at += 1;
    else if (token.text !== ',') names.push(token.text);
  }
  const modules = names.filter((each) => SUBMODULES.has(`${name}.${each}`));
  const rest = names.filter((each) => !modules.includes(each));
  return [
    ...modules.map((each) => ({ module: `${name}.${each}`, names: null, alias: each })),
    ...(rest.length > 0 ? [{ module: name, names: rest, alias: '' }] : []),
  ];
}
