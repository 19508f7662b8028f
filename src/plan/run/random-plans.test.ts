import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { parsePlan } from '../../contracts/parse-plan.ts';
import type { Plan } from '../../contracts/plan.ts';
import { answer, gives, planOf, runScripted, step, throws, writes } from '../scripted-plan.ts';
import type { StepHandler, TraceEvent } from '../step-handler.ts';

/** One step of a random plan: what it is, what comes of it, and which of the later steps it leads to. */
interface RandomStep {
  readonly kind: 'code' | 'llm' | 'branch' | 'answer' | 'failing';
  readonly outcome: 'a' | 'b';
  readonly isForgiven: boolean;
  readonly waits: boolean;
  /** Steps ahead, and the name of the edge. */
  readonly edges: readonly { readonly ahead: number; readonly when: 'a' | 'b' }[];
}

const randomSteps = fc.array(
  fc.record<RandomStep>({
    kind: fc.constantFrom('code', 'llm', 'branch', 'answer', 'failing'),
    outcome: fc.constantFrom('a', 'b'),
    isForgiven: fc.boolean(),
    waits: fc.boolean(),
    edges: fc.array(fc.record({ ahead: fc.integer({ min: 1, max: 4 }), when: fc.constantFrom('a', 'b') }), {
      maxLength: 3,
    }),
  }),
  { minLength: 1, maxLength: 12 },
);

const nameOf = (index: number): string => `s${String(index)}`;

/** Edges of a step, named as its kind names them. */
function edgesOf(
  all: readonly RandomStep[],
  index: number,
): { readonly when: string; readonly to: string }[] {
  const found = all[index];
  if (found === undefined) return [];
  return found.edges
    .filter(({ ahead }) => index + ahead < all.length)
    .map(({ ahead, when }) => ({
      when:
        found.kind === 'branch' ? when : found.kind === 'failing' && when === 'b' ? 'fail-branch' : 'default',
      to: nameOf(index + ahead),
    }));
}

function build(all: readonly RandomStep[]): { plan: Plan; script: { readonly [id: string]: StepHandler } } {
  const steps = all.map(({ kind, isForgiven }, index): JsonObject => {
    const id = nameOf(index);
    const edges = edgesOf(all, index);
    // Values of all steps before it, and of one behind it.
    const earlier = all.map((_, other) => `{${nameOf(other)}.text}`).slice(0, index + 2);
    if (kind === 'answer') return answer(id, `[${earlier.join(',')}]`, { edges });
    if (kind !== 'failing') return step(id, kind, { edges });
    return step(id, 'code', {
      edges,
      onError: isForgiven ? { kind: 'branch' } : { kind: 'defaults', values: { text: 'd' } },
    });
  });
  const script = new Map<string, StepHandler>();
  for (const [index, { kind, outcome, waits }] of all.entries()) {
    const run =
      kind === 'failing'
        ? throws(new Error('no'))
        : kind === 'llm'
          ? writes('x', nameOf(index))
          : gives({ text: nameOf(index) }, kind === 'branch' ? outcome : 'default');
    script.set(
      nameOf(index),
      waits
        ? async function* (given) {
            await new Promise<void>((resolve) => queueMicrotask(resolve));
            return yield* run(given);
          }
        : run,
    );
  }
  return { plan: planOf(steps), script: Object.fromEntries(script) };
}

/** Which steps run, worked out from the rules by looking at the whole plan again and again. */
function expectedRuns(all: readonly RandomStep[]): ReadonlySet<string> {
  const fate = new Map<string, 'runs' | 'skipped'>([[nameOf(0), 'runs']]);
  const state = (index: number, edge: { readonly when: string }): 'taken' | 'skipped' | 'open' => {
    const own = fate.get(nameOf(index));
    const found = all[index];
    if (own === undefined || found === undefined) return 'open';
    if (own === 'skipped') return 'skipped';
    const names = edgesOf(all, index).map(({ when }) => when);
    const outcome =
      found.kind === 'branch'
        ? found.outcome
        : found.kind === 'failing' && found.isForgiven
          ? 'fail-branch'
          : 'default';
    const isDefault = outcome !== 'fail-branch' && !names.includes(outcome) && edge.when === 'default';
    return edge.when === outcome || isDefault ? 'taken' : 'skipped';
  };
  for (let pass = 0; pass <= all.length; pass += 1) {
    for (let index = 1; index < all.length; index += 1) {
      const into = all.flatMap((_, from) =>
        edgesOf(all, from)
          .filter(({ to }) => to === nameOf(index))
          .map((edge) => state(from, edge)),
      );
      if (into.includes('open')) continue;
      fate.set(nameOf(index), into.includes('taken') ? 'runs' : 'skipped');
    }
  }
  return new Set([...fate].filter(([, what]) => what === 'runs').map(([id]) => id));
}

const startedIn = (trace: readonly TraceEvent[]): readonly string[] =>
  trace.flatMap((event) => (event.type === 'step-started' ? [event.step] : []));

describe('any plan', () => {
  it('runs the steps that the rules of edges say, each once, and shows whole answers in turn', async () => {
    await fc.assert(
      fc.asyncProperty(randomSteps, async (all) => {
        const { plan, script } = build([{ ...first(all), kind: 'answer' }, ...all.slice(1)]);
        const model = expectedRuns([{ ...first(all), kind: 'answer' }, ...all.slice(1)]);
        const { trace, text, parts } = await runScripted(plan, { script });
        const started = startedIn(trace);
        expect(new Set(started)).to.deep.equal(model);
        expect(started).to.have.length(model.size);
        expect(parts.filter(({ type }) => type === 'end')).to.have.length(1);
        // Every answer that ran was shown whole, and none within another.
        const answers = plan.steps.filter(({ id, kind }) => kind === 'answer' && model.has(id));
        expect(text.match(/\[[^[\]]*\]/g)?.join('')).to.equal(text);
        expect(text.match(/\[/g)).to.have.length(answers.length);
      }),
      { numRuns: 300 },
    );
  });

  it('shows what its answers give, where no value comes from a step beside the answer', async () => {
    await fc.assert(
      fc.asyncProperty(randomSteps, async (all) => {
        const { plan, script } = build(all.map((one) => ({ ...one, waits: false })));
        let run;
        try {
          run = await runScripted(plan, { script });
        } catch (error) {
          expect(isUnderstudyError(error, 'plan/no-answer'), String(error)).to.equal(true);
          return;
        }
        const shown = run.text.match(/\[[^[\]]*\]/g) ?? [];
        const answers = run.trace.filter(
          (event) => event.type === 'step-finished' && 'answer' in event.outputs,
        );
        expect(shown).to.have.length(answers.length);
      }),
      { numRuns: 100 },
    );
  });

  it('ends within its limits, by one end or a coded error, however its parts are made', async () => {
    const kinds = fc.constantFrom(
      'start',
      'answer',
      'output',
      'llm',
      'branch',
      'code',
      'loop',
      'iterate',
      'lead',
      'loop-end',
      'round-start',
      'end',
      'handoff',
    );
    const config = fc.oneof(
      { weight: 1, arbitrary: fc.constant({}) },
      {
        weight: 12,
        arbitrary: fc.record({
          rounds: fc.integer({ min: 1, max: 1000 }),
          start: fc.constantFrom('s1', 's2', 's3', 's4'),
          variables: fc.constant([{ name: 'i', type: 'number', value: { value: 0 } }]),
          items: fc.constantFrom(['sys', 'query'], ['conversation', 'list']),
          output: fc.constant(['s4', 'text']),
          parallel: fc.integer({ min: 1, max: 10 }),
          onError: fc.constantFrom('fail', 'null', 'drop'),
          isFlattened: fc.boolean(),
          template: fc.constant(['x', { from: ['s1', 'text'] }]),
          outputs: fc.constant([{ name: 'o', from: ['s0', 'text'] }]),
        }),
      },
    );
    const steps = fc.array(
      fc.record({
        kind: kinds,
        config,
        parent: fc.option(fc.constantFrom('s0', 's1', 's2'), { nil: null, freq: 3 }),
        to: fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 2 }),
        when: fc.constantFrom('default', 'fail-branch', 'a'),
        onError: fc.constantFrom(null, { kind: 'branch' }, { kind: 'defaults', values: { text: 'd' } }),
        retry: fc.constantFrom(null, { times: 2, intervalMs: 0 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    const counts = { ran: 0, ended: 0 };
    await fc.assert(
      fc.asyncProperty(steps, async (made) => {
        // Mostly as a compiler would: steps lie in containers, and containers begin with one of them.
        const holds = (name: string | null, before: number): boolean =>
          made.some(
            ({ kind }, index) =>
              nameOf(index) === name && index < before && (kind === 'loop' || kind === 'iterate'),
          );
        const parents = made.map(({ parent }, index): string | null =>
          holds(parent, index) ? parent : null,
        );
        const raw = {
          format: 'understudy/plan',
          version: 2,
          appId: 't',
          start: 's0',
          conversation: [{ name: 'list', type: 'array', value: [1, 2, 3] }],
          steps: made.map(({ to, when, ...rest }, index) => {
            const inside = parents.indexOf(nameOf(index));
            return {
              ...rest,
              config: inside < 0 ? rest.config : { ...rest.config, start: nameOf(inside) },
              parent: parents[index] ?? null,
              id: nameOf(index),
              site: 'edge',
              inputs: {},
              outputs: [],
              edges: to
                .filter((ahead) => ahead > index && parents[ahead] === parents[index])
                .map((ahead) => ({ when, to: nameOf(ahead) })),
            };
          }),
        };
        let plan: Plan;
        try {
          plan = parsePlan(raw);
        } catch (error) {
          expect(isUnderstudyError(error, 'plan/invalid')).to.equal(true);
          return;
        }
        counts.ran += 1;
        try {
          const { parts } = await runScripted(plan, {});
          counts.ended += 1;
          expect(parts.filter(({ type }) => type === 'end')).to.have.length(1);
          expect(parts.at(-1)?.type).to.equal('end');
        } catch (error) {
          expect(isUnderstudyError(error), String(error)).to.equal(true);
          expect(isUnderstudyError(error) && error.code).to.match(/^plan\//);
        }
      }),
      { numRuns: 500 },
    );
    // Else nothing was tried.
    expect(counts.ran).to.be.greaterThan(150);
    expect(counts.ended).to.be.greaterThan(50);
  });
});

function first(all: readonly RandomStep[]): RandomStep {
  const [one] = all;
  if (one === undefined) throw new Error('A plan has a step.');
  return one;
}
