import { basename } from 'node:path';
import { readFileSync, statSync } from 'node:fs';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { isJson, isRecord } from '../../src/contracts/json.ts';
import type { Plan, StepKind } from '../../src/contracts/plan.ts';
import { STEP_KINDS } from '../../src/contracts/plan.ts';
import { suggestName } from '../config/suggest-name.ts';
import { decodeText } from '../ingest/decode-text.ts';
import { lineAndColumn, sourceError } from '../ingest/source-error.ts';
import { jsonErrorOffset } from '../knowledge/json-error-offset.ts';

/** A passage that a mocked search finds. */
export interface MockPassage {
  readonly content: string;
  readonly title: string;
  readonly url: string | null;
}

/** What a mocked step does in place of its work. */
export interface StepMock {
  /** What the model writes; streams word by word. Null: the mock says nothing of a text. */
  readonly text: string | null;
  /** What the model writes in the form of the step's schema. */
  readonly structuredOutput: Json;
  /** Values of the step's outputs. */
  readonly outputs: JsonObject | null;
  /** Outcome: id of a class, a case or an action. */
  readonly when: string | null;
  readonly passages: readonly MockPassage[] | null;
  /** The step fails with these words. */
  readonly error: string | null;
}

/** Mocked steps: for each its replies, used one after the other; the last is repeated. */
export interface StepMocks {
  readonly byStep: ReadonlyMap<string, readonly StepMock[]>;
  readonly byKind: ReadonlyMap<StepKind, readonly StepMock[]>;
}

/** Nothing is mocked. */
export const NO_MOCKS: StepMocks = { byStep: new Map(), byKind: new Map() };

const FIELDS = ['text', 'structured_output', 'outputs', 'when', 'passages', 'error'];
const KIND_PREFIX = 'kind:';
/** Largest file of mocks, in bytes. */
const MAX_BYTES: number = 16 * 1024 * 1024;

/** Reads a JSON file. @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file, line and column. */
export function readJsonFile(path: string): Json {
  const file = basename(path);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true)
    throw new UnderstudyError('cli/not-found', `"${path}" is no file.`, { facts: { path } });
  if (stats.size > MAX_BYTES) throw sourceError({ file }, 'it is longer than 16 MB');
  const text = decodeText(readFileSync(path), file).replace(/^\ufeff/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw sourceError({ file, ...lineAndColumn(text, jsonErrorOffset(text)) }, 'no valid JSON', error);
  }
  if (!isJson(value)) throw sourceError({ file }, 'it is nested too deeply');
  return value;
}

/**
 * Accepts the mocks of a run: by id of the step, or `kind:` and a kind for all others of it; a reply, or a list of them.
 * @throws UnderstudyError `cli/source-invalid`, naming the entry.
 */
export function parseMocks(value: Json, file: string, plan: Plan): StepMocks {
  const fail = (what: string): UnderstudyError => sourceError({ file }, what);
  if (!isRecord(value)) throw fail('the mocks are no object');
  const ids = plan.steps.map(({ id }) => id);
  const byStep = new Map<string, readonly StepMock[]>();
  const byKind = new Map<StepKind, readonly StepMock[]>();
  for (const [key, entry] of Object.entries(value)) {
    const replies: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
    if (replies.length === 0) throw fail(`"${key}" has no reply`);
    const mocks = replies.map((reply) => parseMock(reply, (what) => fail(`"${key}" ${what}`)));
    if (key.startsWith(KIND_PREFIX)) {
      const name = key.slice(KIND_PREFIX.length);
      const kind = STEP_KINDS.find((known) => known === name);
      if (kind === undefined) throw fail(`"${name}" is no kind of step; known are ${STEP_KINDS.join(', ')}`);
      byKind.set(kind, mocks);
    } else if (ids.includes(key)) byStep.set(key, mocks);
    else {
      const close = suggestName(key, ids);
      throw fail(`there is no step "${key}"${close === null ? '' : `; did you mean "${close}"?`}`);
    }
  }
  return { byStep, byKind };
}

function parseMock(value: unknown, fail: (what: string) => UnderstudyError): StepMock {
  // A text alone is short for {text}.
  if (typeof value === 'string') return { ...NOTHING, text: value };
  if (!isRecord(value)) throw fail('is neither a text nor an object');
  const unknown = Object.keys(value).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) throw fail(`has an unknown field "${unknown}"; known are ${FIELDS.join(', ')}`);
  const text = (name: string): string | null => {
    const field = value[name] ?? null;
    if (field === null || typeof field === 'string') return field;
    throw fail(`has a "${name}" that is no text`);
  };
  const { outputs = null, structured_output: structuredOutput = null } = value;
  if (!(outputs === null || isRecord(outputs)) || !isJson(outputs) || !isJson(structuredOutput))
    throw fail('has outputs that are no object');
  return {
    text: text('text'),
    structuredOutput,
    outputs,
    when: text('when'),
    passages: parsePassages(value['passages'], fail),
    error: text('error'),
  };
}

const NOTHING: StepMock = {
  text: null,
  structuredOutput: null,
  outputs: null,
  when: null,
  passages: null,
  error: null,
};

function parsePassages(
  value: unknown,
  fail: (what: string) => UnderstudyError,
): readonly MockPassage[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw fail('has passages that are no list');
  return value.map((passage: unknown): MockPassage => {
    if (typeof passage === 'string') return { content: passage, title: 'Mocked passage', url: null };
    if (!isRecord(passage) || typeof passage['content'] !== 'string')
      throw fail('has a passage without content');
    const { content, title, url } = passage;
    return {
      content,
      title: typeof title === 'string' ? title : 'Mocked passage',
      url: typeof url === 'string' ? url : null,
    };
  });
}

/** Hands out the replies of mocked steps. */
export class MockReplies {
  readonly #mocks: StepMocks;
  readonly #used = new Map<string, number>();

  constructor(mocks: StepMocks) {
    this.#mocks = mocks;
  }

  /** The replies of a step; null when it is not mocked. */
  of(id: string, kind: StepKind): readonly StepMock[] | null {
    return this.#mocks.byStep.get(id) ?? this.#mocks.byKind.get(kind) ?? null;
  }

  /** The reply that comes next, without using it; undefined when the step is not mocked. */
  peek(id: string, kind: StepKind): StepMock | undefined {
    const replies = this.of(id, kind) ?? [];
    return replies[Math.min(this.#used.get(id) ?? 0, replies.length - 1)];
  }

  /** The next reply of a step that is mocked. @throws RangeError for one that is not. */
  next(id: string, kind: StepKind): StepMock {
    const replies = this.of(id, kind) ?? [];
    const nth = this.#used.get(id) ?? 0;
    this.#used.set(id, nth + 1);
    const reply = replies[Math.min(nth, replies.length - 1)];
    if (reply === undefined) throw new RangeError(`Step "${id}" is not mocked.`);
    return reply;
  }
}

/** Cuts a text as the streams of mocked models are cut: a word each, all but the first with the blank before it. */
export function wordsOf(text: string): readonly string[] {
  return text.split(' ').map((word, index) => (index === 0 ? word : ` ${word}`));
}
