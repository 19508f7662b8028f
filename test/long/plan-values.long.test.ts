/**
 * Lays values, conditions, outputs of code, lists and assignments of plans beside graphon, the engine that Dify runs flows with.
 *
 *   pip install graphon                        # once; Python 3.12 or newer, named by UNDERSTUDY_PYTHON
 *   node --import tsx --test test/long/plan-values.long.test.ts
 *
 * Random questions, the same to both: the answers are equal, or both fail. Where a difference is known it is named here. Never-run where
 * graphon is missing.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'node:test';
import * as fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { Json } from '../../src/contracts/json.ts';
import { isJson, isRecord } from '../../src/contracts/json.ts';
import type {
  AssignOperation,
  Condition,
  ConditionOperator,
  OutputShape,
  ValueType,
} from '../../src/contracts/plan-configs.ts';
import { CONDITION_OPERATORS } from '../../src/contracts/plan-configs.ts';
import { assignDefinition } from '../../src/plan/steps/assign-step.ts';
import { listDefinition } from '../../src/plan/steps/list-step.ts';
import { StepScene } from '../../src/plan/steps/step-scene.ts';
import { checkOutputs } from '../../src/plan/values/check-outputs.ts';
import { evaluateConditions } from '../../src/plan/values/conditions.ts';
import { renderMarkdown, renderPython, renderText } from '../../src/plan/values/render-value.ts';

const PYTHON = process.env['UNDERSTUDY_PYTHON'] ?? 'python3';
const ORACLE = fileURLToPath(new URL('graphon-oracle.py', import.meta.url));
const QUESTIONS = 20_000;
const SEED = 20_261_126;

interface Question {
  readonly what: string;
  readonly with: readonly Json[];
}

/** Answers in the order of the questions; null for those that fail. */
function ask(questions: readonly Question[]): readonly (Json | null)[] {
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const { stdout, status, stderr } = spawnSync(PYTHON, [ORACLE], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  assert.equal(status, 0, stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const answer: unknown = JSON.parse(line);
      const value = isRecord(answer) ? answer['value'] : undefined;
      return isJson(value) ? { value } : null;
    });
}

/** A copy through JSON, which knows no -0: Python's floats do, and its integers do not. */
function plain(value: unknown): Json {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return isJson(copy) ? copy : null;
}

/** Runs something; null when it fails with a code. */
async function tried(work: () => Json | Promise<Json>): Promise<Json | null> {
  try {
    return { value: await work() };
  } catch (error) {
    if (isUnderstudyError(error, 'plan/value-invalid')) return null;
    throw error;
  }
}

const character = fc.constantFrom(...Array.from('aB1 .,\'"\\\n\t\0\u007f\u00a0é日😀{}[]-_e+'));
const text = fc.string({ unit: character, maxLength: 6 });
const numeric = fc.constantFrom(
  '0',
  '1',
  '1.0',
  '1.5',
  ' 2 ',
  '-3',
  '1e3',
  '1_0',
  'inf',
  'nan',
  'true',
  'false',
  '+1',
  '.5',
  '5.',
);
const number = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
    .filter((value) => !Number.isInteger(value)),
);
const scalar: fc.Arbitrary<Json> = fc.oneof(fc.constant(null), fc.boolean(), number, text, numeric);
const { value: anything } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(text, { maxLength: 4 }),
    fc.array(number, { maxLength: 4 }),
    fc.array(fc.boolean(), { maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      tie('value'),
      { maxKeys: 3, noNullPrototype: true },
    ),
  ),
}));

function sample<T>(arbitrary: fc.Arbitrary<T>): readonly T[] {
  return fc.sample(arbitrary, { numRuns: QUESTIONS, seed: SEED });
}

const hasGraphon =
  spawnSync(PYTHON, ['-c', 'import graphon.nodes.list_operator.node'], { encoding: 'utf8' }).status === 0;
const skip = hasGraphon ? false : `${PYTHON} has no package "graphon": pip install graphon`;

async function compare(
  questions: readonly Question[],
  own: (question: Question, index: number) => Promise<Json | null>,
): Promise<void> {
  const answers = ask(questions);
  const failed = answers.filter((answer) => answer === null).length;
  for (const [index, question] of questions.entries())
    assert.deepEqual(plain(await own(question, index)), plain(answers[index]), JSON.stringify(question));
  console.log(
    `# ${String(questions.length)} questions of ${questions[0]?.what ?? ''}, ${String(failed)} of them fail in both`,
  );
}

test('values are written as graphon writes them', { skip }, async () => {
  const values = sample(anything);
  await compare(
    values.map((value) => ({ what: 'render', with: [value] })),
    (_, index) =>
      tried(() => {
        const value = values[index] ?? null;
        return { text: renderText(value), markdown: renderMarkdown(value), python: renderPython(value) };
      }),
  );
});

test('conditions hold where they hold in graphon', { skip }, async () => {
  const operators = CONDITION_OPERATORS.filter((operator) => operator !== 'before' && operator !== 'after');
  const expected = fc.oneof(
    text,
    numeric,
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.oneof(text, numeric), { maxLength: 3 }),
  );
  const cases = sample(
    fc.record({ actual: anything, operator: fc.constantFrom<ConditionOperator>(...operators), expected }),
    // Python knows of empty lists of what they are empty.
  ).filter(({ actual }) => !(Array.isArray(actual) && actual.length === 0));
  await compare(
    cases.map(({ actual, operator, expected: value }) => ({
      what: 'condition',
      with: [actual, operator, value],
    })),
    (_, index) =>
      tried(() => {
        const { actual = null, operator = 'is', expected: value = null } = cases[index] ?? {};
        const condition: Condition = {
          from: ['a', 'value'],
          operator,
          value: value === null ? null : typeof value === 'string' ? [value] : { value },
          files: null,
        };
        return evaluateConditions({ mode: 'all', conditions: [condition] }, () => actual);
      }),
  );
});

test('code may give what it may give in graphon', { skip }, async () => {
  const types: readonly ValueType[] = [
    'string',
    'number',
    'boolean',
    'object',
    'array[string]',
    'array[number]',
    'array[object]',
    'array[boolean]',
  ];
  const shape: fc.Arbitrary<OutputShape> = fc.record({
    type: fc.constantFrom(...types),
    children: fc.option(
      fc.dictionary(
        fc.constantFrom('a', 'b'),
        fc.record({ type: fc.constantFrom(...types), children: fc.constant(null) }),
        {
          maxKeys: 2,
          noNullPrototype: true,
        },
      ),
    ),
  });
  const member = fc.oneof(
    anything,
    fc.dictionary(fc.constantFrom('a', 'b'), anything, { maxKeys: 2, noNullPrototype: true }),
  );
  const value = fc.oneof(member, fc.array(member, { maxLength: 3 }));
  const cases = sample(fc.record({ shape, value })).filter(({ value: given }) => !hasNestedLists(given));
  await compare(
    cases.map(({ shape: declared, value: given }) => ({
      what: 'outputs',
      with: [{ result: { type: declared.type, children: plain(declared.children) } }, { result: given }],
    })),
    (_, index) =>
      tried(() => {
        const { shape: declared = { type: 'any' as const, children: null }, value: given = null } =
          cases[index] ?? {};
        return checkOutputs({ result: declared }, { result: given });
      }),
  );
});

/** graphon raises an error of its own on lists in lists where nothing is declared; plans take them. */
function hasNestedLists(value: Json, isIn = false): boolean {
  if (Array.isArray(value)) return isIn || value.some((item: Json) => hasNestedLists(item, true));
  return isRecord(value) && Object.values(value).some((item) => isJson(item) && hasNestedLists(item));
}

test('lists are filtered, taken from, ordered and cut as in graphon', { skip }, async () => {
  const list = fc.oneof(
    fc.array(text, { minLength: 1, maxLength: 5 }),
    fc.array(number, { minLength: 1, maxLength: 5 }),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    anything,
  );
  const operator = fc.constantFrom<ConditionOperator>(
    'contains',
    'start with',
    'end with',
    'is',
    'in',
    'empty',
    'not contains',
    'is not',
    'not in',
    'not empty',
    '=',
    '≠',
    '<',
    '>',
    '≥',
    '≤',
  );
  const cases = sample(
    fc.record({
      list,
      filters: fc.array(fc.record({ operator, value: fc.oneof(text, numeric, fc.boolean()) }), {
        maxLength: 2,
      }),
      take: fc.option(fc.constantFrom('1', '2', '0', 'x', ' 1 ')),
      order: fc.option(fc.boolean()),
      limit: fc.option(fc.integer({ min: -3, max: 3 })),
    }),
  );
  await compare(
    cases.map(({ list: given, filters, take, order, limit }) => ({
      what: 'list',
      with: [
        given,
        {
          filter_by: {
            enabled: filters.length > 0,
            conditions: filters.map((filter) => ({
              key: '',
              comparison_operator: filter.operator,
              value: filter.value,
            })),
          },
          extract_by: { enabled: take !== null, serial: take ?? '1' },
          order_by: { enabled: order !== null, key: '', value: order === true ? 'desc' : 'asc' },
          limit: { enabled: limit !== null, size: limit ?? 0 },
        },
      ],
    })),
    (_, index) =>
      tried(async () => {
        const one = cases[index];
        assert(one !== undefined);
        const conditions = one.filters.map((filter) => ({
          from: ['file', ''],
          operator: filter.operator,
          value: typeof filter.value === 'string' ? [filter.value] : { value: filter.value },
          files: null,
        }));
        const config = {
          from: ['a', 'value'],
          filter: conditions.length === 0 ? null : { mode: 'all', conditions },
          take: one.take === null ? null : [one.take],
          order: one.order === null ? null : { key: '', isDescending: one.order },
          limit: one.limit,
        };
        const result = await new StepScene('list', listDefinition, {
          config,
          values: { 'a.value': one.list },
        }).output('result');
        return isJson(result) ? result : null;
      }),
  );
});

test('variables are assigned as in graphon', { skip }, async () => {
  const variable = fc.oneof(
    fc.record({ type: fc.constant<ValueType>('string'), before: text }),
    fc.record({ type: fc.constant<ValueType>('number'), before: number }),
    fc.record({ type: fc.constant<ValueType>('boolean'), before: fc.boolean() }),
    fc.record({ type: fc.constant<ValueType>('object'), before: fc.constant<Json>({ a: 1 }) }),
    fc.record({ type: fc.constant<ValueType>('array[string]'), before: fc.array(text, { maxLength: 3 }) }),
    fc.record({ type: fc.constant<ValueType>('array[number]'), before: fc.array(number, { maxLength: 3 }) }),
    fc.record({
      type: fc.constant<ValueType>('array[boolean]'),
      before: fc.array(fc.boolean(), { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant<ValueType>('array[object]'), before: fc.constant<Json>([{ a: 1 }]) }),
    fc.record({ type: fc.constant<ValueType>('array[any]'), before: fc.constant<Json>(['a', 1]) }),
  );
  const operation = fc.constantFrom<AssignOperation>(
    'over-write',
    'clear',
    'append',
    'extend',
    'set',
    '+=',
    '-=',
    '*=',
    '/=',
    'remove-first',
    'remove-last',
  );
  const cases = sample(fc.record({ variable, operation, value: anything }));
  await compare(
    cases.map((one) => ({
      what: 'assign',
      with: [one.variable.type, one.variable.before, one.operation, one.value],
    })),
    (_, index) =>
      tried(async () => {
        const one = cases[index];
        assert(one !== undefined);
        const { type, before } = one.variable;
        const isConstant = ['set', '+=', '-=', '*=', '/='].includes(one.operation);
        const scene = new StepScene('assign', assignDefinition, {
          config: {
            items: [
              {
                to: ['conversation', 'it'],
                operation: one.operation,
                value: isConstant ? { value: one.value } : { from: ['a', 'value'] },
              },
            ],
          },
          values: { 'conversation.it': before, 'a.value': one.value },
          conversation: [{ name: 'it', type, value: before }],
        });
        await scene.run();
        const after = scene.pool.get(['conversation', 'it']);
        return isJson(after) ? after : null;
      }),
  );
});
