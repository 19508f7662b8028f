import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Clock } from '../../src/contracts/clock.ts';
import { isErrorCode } from '../../src/contracts/errors.ts';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import { tameGraph } from '../../test/fixtures/random-dify-graphs.ts';
import { compileApp } from '../dify/compile-app.ts';
import { readDifyApp } from '../dify/read-app.ts';
import { runPlan } from './run-plan.ts';
import { NO_CLASSIFIER, NO_RETRIEVER } from './scripted-services.ts';
import { parseMocks } from './step-mock.ts';

/** Steps of one turn, as docs/formats/plan.md has it, and what each may leave in a trace. */
const MOST_STEPS = 500;
/** Longest time between two tries of a step. */
const LONGEST_WAIT_MS = 10_000;

/** Short waits are over as soon as they begin; longer ones are limits, which nothing here may reach. */
function hurriedClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    monotonicMs: () => now,
    sleep: (delayMs, options) => {
      options?.signal?.throwIfAborted();
      if (delayMs > LONGEST_WAIT_MS) return new Promise(() => undefined);
      now += delayMs;
      return Promise.resolve();
    },
  };
}

describe('any app', () => {
  it('that compiles comes to an end within its limits, with an answer or a code', async () => {
    const signal = new AbortController().signal;
    await fc.assert(
      fc.asyncProperty(
        tameGraph,
        fc.string({ maxLength: 20 }),
        fc.boolean(),
        async (graph, query, isMocked) => {
          const app = JSON.stringify({ app: { mode: 'advanced-chat' }, workflow: { graph } });
          const { plan } = compileApp(readDifyApp(app, 'x.yml'));
          const mocks = isMocked
            ? { 'kind:llm': { text: 'yes and no' }, 'kind:lead': { outputs: { text: 'done', json: [1, 2] } } }
            : {};
          const run = await runPlan({
            plan,
            mocks: parseMocks(mocks, 'mocks.json', plan),
            query,
            inputs: {},
            language: 'en',
            services: {
              classifier: NO_CLASSIFIER,
              retriever: NO_RETRIEVER,
              grounding: createGroundingCheck(),
              sandbox: null,
              engine: () => null,
            },
            clock: hurriedClock(),
            signal,
          });
          if (run.status === 'failed')
            assert.ok(
              run.needsLead || (run.error !== null && isErrorCode(run.error.code)),
              JSON.stringify(run),
            );
          const begun = run.events.filter(({ type }) => type === 'step-started').length;
          assert.ok(begun <= MOST_STEPS, `${String(begun)} steps were begun`);
        },
      ),
      { numRuns: 300 },
    );
  });
});
