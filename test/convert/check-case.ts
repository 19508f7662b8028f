import { isDeepStrictEqual } from 'node:util';
import type { PlanRun } from '../../cli/run/run-plan.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { isRecord, isStringArray } from '../../src/contracts/json.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import type { TraceEvent } from '../../src/plan/step-handler.ts';
import type { ConformanceCase } from './conformance-case.ts';

/** Runs a case, with other inputs than its own where they are given. */
export type RunCase = (inputs?: JsonObject) => Promise<PlanRun>;

/** Checks a case, and what the data says of it in words; gives what does not hold. */
export async function checkCase(
  plan: Plan,
  given: ConformanceCase,
  run: RunCase,
): Promise<readonly string[]> {
  const found = await run();
  const expectsFailure = given.fields['final_event'] === 'graph_failed';
  const faults = [
    ...(found.error !== null && !expectsFailure ? [`${found.error.code}: ${found.error.message}`] : []),
    ...checkOutputs(given, found),
    ...checkChunks(given, found),
    ...checkEvents(given, found, plan),
    ...(await checkWords(plan, given, found, run)),
  ];
  return faults;
}

const show = (value: unknown): string => JSON.stringify(value);

function checkOutputs(
  { fields }: ConformanceCase,
  { outputs, answer, exceptions }: PlanRun,
): readonly string[] {
  const faults: string[] = [];
  const expected = isRecord(fields['outputs']) ? fields['outputs'] : {};
  for (const [name, value] of Object.entries(expected)) {
    if (!isDeepStrictEqual(outputs[name], value))
      faults.push(`output "${name}" is ${show(outputs[name])}, not ${show(value)}`);
    // What is shown must be what is told, piece for piece; of answers side by side, the one that is ready first is shown first.
    if (name === 'answer' && sorted(answer) !== sorted(typeof value === 'string' ? value : ''))
      faults.push(`the visitor sees ${show(answer)}, not ${show(value)}`);
  }
  const { exceptions_count: count } = fields;
  if (count !== undefined && exceptions !== count)
    faults.push(`${exceptions} exceptions, not ${show(count)}`);
  return faults;
}

function sorted(text: string): string {
  return Array.from(text).sort().join('');
}

function checkChunks({ fields }: ConformanceCase, { chunks }: PlanRun): readonly string[] {
  const texts = chunks.map(({ text }) => text);
  const { stream_chunks: count, chunks: all, chunks_prefix: first } = fields;
  const faults: string[] = [];
  if (typeof count === 'number' && texts.length !== count)
    faults.push(`${String(texts.length)} chunks, not ${String(count)}: ${show(texts)}`);
  if (isStringArray(all) && !isDeepStrictEqual(texts, all))
    faults.push(`chunks are ${show(texts)}, not ${show(all)}`);
  if (isStringArray(first) && !isDeepStrictEqual(texts.slice(0, first.length), first))
    faults.push(`chunks begin with ${show(texts.slice(0, first.length))}, not ${show(first)}`);
  return faults;
}

/** Our events in the words of the data. */
function eventName(event: TraceEvent, kinds: ReadonlyMap<string, string>): string | null {
  switch (event.type) {
    case 'plan-started':
      return 'graph_started';
    case 'step-started':
      return `node_started(${kinds.get(event.step) ?? ''})`;
    case 'step-finished':
      return `node_succeeded(${kinds.get(event.step) ?? ''})`;
    case 'step-excepted':
      return `node_exception(${kinds.get(event.step) ?? ''})`;
    case 'step-failed':
      return `node_failed(${kinds.get(event.step) ?? ''})`;
    case 'chunk':
      return `stream_chunk(${event.text})`;
    case 'plan-finished':
      return `graph_${event.status.replace('-', '_')}`;
    default:
      return null;
  }
}

function checkEvents({ fields, query }: ConformanceCase, { events }: PlanRun, plan: Plan): readonly string[] {
  const kinds = new Map(plan.steps.map(({ id, kind }) => [id, kind]));
  const names = events.flatMap((event) => eventName(event, kinds) ?? []);
  const faults: string[] = [];
  const { events: expected, final_event: last } = fields;
  if (isStringArray(expected)) {
    const wanted = expected.map((name) => name.replace('(sys.query)', `(${query})`));
    const isSame =
      wanted.length === names.length &&
      wanted.every((name, index) => names[index] === name || names[index]?.startsWith(`${name}(`) === true);
    if (!isSame) faults.push(`events are ${show(names)}, not ${show(wanted)}`);
  }
  if (typeof last === 'string' && names.at(-1) !== last)
    faults.push(`ends with ${show(names.at(-1))}, not ${show(last)}`);
  return faults;
}

/** What the data says of its cases in words. */
async function checkWords(
  plan: Plan,
  given: ConformanceCase,
  found: PlanRun,
  run: RunCase,
): Promise<readonly string[]> {
  const { chunks, events } = found;
  const indexOf = (wanted: (event: TraceEvent) => boolean): number => events.findIndex(wanted);
  const started = (id: string): number =>
    indexOf((event) => event.type === 'step-started' && event.step === id);
  const firstChunk = indexOf(({ type }) => type === 'chunk');
  const kindOf = (id: string | undefined): string => plan.steps.find((step) => step.id === id)?.kind ?? '';
  const ofKind = (kind: string): string => plan.steps.find((step) => step.kind === kind)?.id ?? '';
  const says = (isTrue: boolean, what: string): readonly string[] => (isTrue ? [] : [what]);
  switch (given.id) {
    case 'passthrough': {
      const faults: string[] = [];
      for (const query of [
        '',
        ' ',
        '\n\t',
        '🎉🎊 emoji',
        '混合 text',
        'ñ\u0301\u202e',
        'x'.repeat(5000),
        '{{#sys.query#}}',
        '"\'\\',
      ]) {
        const echo = await run({ query });
        if (echo.outputs['query'] !== query) faults.push(`does not echo ${show(query.slice(0, 40))}`);
      }
      return faults;
    }
    case 'complex-branch-true':
      return [
        ...says(
          started('1755502777322') >= 0 && started('1755502773326') >= 0,
          'branch and model do not both start',
        ),
        ...says(firstChunk > started('1755502777322'), 'a chunk comes before the model starts'),
      ];
    case 'streaming-vs-template-blocking':
    case 'streaming-vs-template-stream': {
      const [query, line, ...rest] = chunks;
      const isBlocking = given.id.endsWith('blocking');
      const modelEnds = indexOf((event) => event.type === 'step-finished' && kindOf(event.step) === 'llm');
      const ids = new Set(
        plan.steps.filter(({ kind }) => kind === (isBlocking ? 'template' : 'llm')).map(({ id }) => id),
      );
      return [
        ...says(query?.from === ofKind('start'), 'the first chunk is not attributed to the start'),
        ...says(kindOf(line?.from) === 'output', 'the line end is not attributed to the end node'),
        ...says(firstChunk < modelEnds, 'the first chunk comes after the model ended'),
        ...says(
          rest.length > 0 && rest.every(({ from }) => ids.has(from)),
          'the rest is not attributed to its node',
        ),
      ];
    }
    case 'loop-answer': {
      const wanted = ['1', '\n', '2', '\n', '1', ' + ', '2'];
      const texts = chunks.map(({ text }) => text).filter((text) => text !== '');
      return says(isDeepStrictEqual(texts, wanted), `chunks are ${show(texts)}, not ${show(wanted)}`);
    }
    case 'conv-var':
      return says(firstChunk > started(ofKind('assign')), 'a chunk comes before the assignment');
    case 'parallel-stream': {
      const froms = chunks.map(({ from }) => from);
      const [one, two] = ['1754339718571', '1754339725656'];
      return [
        ...says(froms.includes(one) && froms.includes(two), 'not both models are heard'),
        ...says(froms.lastIndexOf(two) < froms.indexOf(one), 'chunks of the two models are mixed'),
        ...says(
          events.findLastIndex(({ type }) => type === 'chunk') < started(ofKind('answer')),
          'a chunk comes after the answer started',
        ),
      ];
    }
    case 'structured-in-answer': {
      const wanted = JSON.stringify({ type: 'greeting' }, null, 2);
      return says(
        found.answer.includes(wanted),
        `the object is not rendered with indent 2: ${show(found.answer)}`,
      );
    }
    default:
      return [];
  }
}
