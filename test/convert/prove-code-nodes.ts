/**
 * `npx tsx test/convert/prove-code-nodes.ts --data FOLDER [--json]`: says of each code step of the exported apps in a folder which
 * interpreter runs it, and compares what it gives there with what Python 3 gives.
 *
 * Inputs are made up: texts, JSON, lists, numbers, as long as Python takes none of them. Needs `python3`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { createNodeSandbox } from '../../cli/sandbox/node-sandbox.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { choosePythonRuntime } from '../../src/sandbox/choose-python-runtime.ts';

interface CodeNode {
  readonly file: string;
  readonly title: string;
  readonly language: string;
  readonly source: string;
  readonly variables: readonly { readonly name: string; readonly type: string }[];
}

/** What a run came to; `null` where nothing ran. */
type Outcome = { readonly result: Json } | { readonly error: string };

const MESSAGES = [
  {
    id: '1',
    role: 'user',
    subject: 'Order 12',
    from: 'ann@example.com',
    body: 'Hello',
    title: 'A',
    url: 'https://example.com',
    content: 'text',
  },
  {
    id: '2',
    role: 'assistant',
    subject: '退货',
    from: 'bob@example.com',
    body: '你好',
    title: 'B',
    url: 'https://example.com/b',
    content: '内容',
  },
];
/** Values that a variable without a type may have, tried in turn. */
const CANDIDATES: readonly Json[] = [
  'Chapter 1: Jugs\nA jug – 水壶 – costs 12.50.\n\n1. one\n2. two\n```json\n{"a": [1, 2, {"b": "x"}]}\n```',
  JSON.stringify({
    messages: MESSAGES,
    id: '7',
    data: { url: 'https://example.com/i.png', text: '文' },
    title: 'T',
    items: [{ name: 'a' }],
  }),
  JSON.stringify(MESSAGES),
  JSON.stringify(['一', 'two', 'three']),
  '{"top": "春", "bottom": "福", "banner": "吉祥", "outline": ["a"], "subtitle": "S", "title": "T"}',
  ['alpha', '贝塔', 'gamma'],
  MESSAGES,
  [
    {
      title: 'T',
      url: 'https://example.com',
      content: 'c',
      results: [{ url: 'https://example.com/x', title: 'x' }],
    },
  ],
  {
    title: 'T',
    chapter: 'C',
    subtitle: 'S',
    name: 'n',
    content: 'c',
    path: ['a'],
    text: 't',
    keywords: 'k',
    section: 's',
    data: { x: 1 },
  },
  3,
  '5',
];

const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

function findFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readNodes(data: string): readonly CodeNode[] {
  return findFiles(data).flatMap((path): readonly CodeNode[] => {
    let app: unknown;
    try {
      app = parse(readFileSync(path, 'utf8'), { uniqueKeys: false, maxAliasCount: 100 });
    } catch {
      // YAMLParseError: some of the files are broken on purpose.
      return [];
    }
    const workflow = isRecord(app) ? app['workflow'] : null;
    const graph = isRecord(workflow) ? workflow['graph'] : null;
    const nodes: unknown = isRecord(graph) ? graph['nodes'] : null;
    if (!Array.isArray(nodes)) return [];
    return nodes.flatMap((node: unknown): readonly CodeNode[] => {
      const settings = isRecord(node) ? node['data'] : null;
      if (!isRecord(settings) || settings['type'] !== 'code') return [];
      const variables: unknown = settings['variables'];
      return [
        {
          file: relative(data, path),
          title: textOf(settings['title'], ''),
          language: textOf(settings['code_language'], 'python3'),
          source: textOf(settings['code'], ''),
          variables: (Array.isArray(variables) ? variables : []).flatMap((variable: unknown) =>
            isRecord(variable)
              ? [{ name: String(variable['variable']), type: textOf(variable['value_type'], '') }]
              : [],
          ),
        },
      ];
    });
  });
}

/** Runs a source in the installed Python, as the cloud agent would. */
function runPython(source: string, inputs: JsonObject): Outcome {
  const program = `import json, sys
given = json.loads(sys.stdin.read())
space = {}
try:
    exec(given['source'], space)
    sys.stdout = open('/dev/null', 'w')
    result = json.dumps({'result': space['main'](**given['inputs'])})
    sys.stdout = sys.__stdout__
    print(result)
except BaseException as error:
    sys.stdout = sys.__stdout__
    print(json.dumps({'error': type(error).__name__ + ': ' + str(error)}))
`;
  const run = spawnSync('python3', ['-c', program], {
    input: JSON.stringify({ source, inputs }),
    encoding: 'utf8',
    timeout: 20_000,
  });
  const outcome: unknown = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '{}');
  return outcome as Outcome;
}

const same = (a: Outcome, b: Outcome): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** Names in their order: objects have none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, sorted(item)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, json: { type: 'boolean', default: false } },
});
if (values.data === undefined) {
  console.error('Name the folder with --data.');
  process.exit(64);
}
const sandbox = createNodeSandbox();
const rows: { file: string; title: string; runtime: string; modules: string; outcome: string }[] = [];
for (const node of readNodes(values.data)) {
  const place = { file: node.file, title: node.title };
  if (node.language !== 'python3') {
    rows.push({ ...place, runtime: 'quickjs', modules: '', outcome: 'not compared' });
    continue;
  }
  const choice = choosePythonRuntime(node.source);
  const modules = choice.modules.join(', ');
  if (choice.runtime === 'unsupported') {
    rows.push({ ...place, runtime: 'none', modules, outcome: choice.reasons.join('; ') });
    continue;
  }
  const tried = CANDIDATES.map((value) =>
    Object.fromEntries(node.variables.map(({ name }) => [name, value])),
  );
  const wanted = tried.map((inputs) => ({ inputs, expected: runPython(node.source, inputs) }));
  let ran = 0;
  const differences: string[] = [];
  for (const { inputs, expected } of node.variables.length === 0 ? wanted.slice(0, 1) : wanted) {
    let given: Outcome;
    try {
      const request = { runtime: choice.runtime, source: node.source, inputs, limits: { timeoutMs: 20_000 } };
      given = { result: await sandbox.runCode(request) };
    } catch (error) {
      given = {
        error: isUnderstudyError(error) ? textOf(error.facts['error'], error.message) : String(error),
      };
    }
    if ('result' in expected) ran += 1;
    const isSame = 'error' in expected ? 'error' in given : same(expected, given);
    if (!isSame)
      differences.push(
        `expected ${JSON.stringify(expected).slice(0, 300)}, got ${JSON.stringify(given).slice(0, 300)}`,
      );
  }
  const outcome =
    differences.length > 0
      ? `differs: ${differences[0] ?? ''}`
      : ran > 0
        ? `same (${ran} results)`
        : 'same errors';
  const why = choice.runtime === 'pyodide' ? `; ${choice.reasons.join('; ')}` : '';
  rows.push({ ...place, runtime: choice.runtime, modules, outcome: outcome + why });
}
if (values.json) console.log(JSON.stringify(rows, null, 2));
else {
  console.log('| file | step | runs in | modules | outcome |\n|---|---|---|---|---|');
  for (const { file, title, runtime, modules, outcome } of rows)
    console.log(`| ${file} | ${title} | ${runtime} | ${modules} | ${outcome} |`);
  const counts = new Map<string, number>();
  for (const { runtime, outcome } of rows) {
    const key = `${runtime}${outcome.startsWith('differs') ? ', differs' : ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  console.log(
    `\n${[...counts].map(([name, count]) => `${name}: ${count}`).join('; ')}; ${rows.length} in all`,
  );
}
