import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Citation } from '../contracts/passage.ts';
import type { Responder } from '../contracts/responder.ts';
import type { ScriptedResponder, ScriptStep } from './scripted-responder.ts';
import { script } from './scripted-responder.ts';
import { TurnScene } from './turn-scene.ts';

const { text, end, fail } = script;
const citation = (index: number): Citation => ({
  index,
  passageId: null,
  title: 't',
  headings: [],
  url: null,
  snippet: '',
});

describe('routeTurn, whatever its responders do', () => {
  const delayMs = fc.oneof(fc.constant(0), fc.nat(3000), fc.nat(40_000));
  const error = fc.constantFrom<unknown>(
    new UnderstudyError('lead/unreachable', 'x'),
    new UnderstudyError('lead/refused', 'x'),
    new UnderstudyError('lead/auth', 'x'),
    new TypeError('a defect'),
    'text',
    undefined,
  );
  const step = (word: string): fc.Arbitrary<ScriptStep> =>
    fc.oneof(
      { weight: 6, arbitrary: delayMs.map((afterMs) => text(word, afterMs)) },
      {
        weight: 1,
        arbitrary: delayMs.map((afterMs) => ({
          afterMs,
          part: { type: 'text-replace', text: word } as const,
        })),
      },
      {
        weight: 1,
        arbitrary: delayMs.map((afterMs) => ({ afterMs, part: { type: 'suggestion', text: 's' } as const })),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(delayMs, fc.integer({ min: 1, max: 3 })).map(([afterMs, index]) => ({
          afterMs,
          part: { type: 'citation', citation: citation(index) } as const,
        })),
      },
      {
        weight: 3,
        arbitrary: fc
          .tuple(delayMs, fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }))
          .map(([afterMs, isRefusal, confidence]) => end({ isRefusal, confidence }, afterMs)),
      },
      { weight: 1, arbitrary: fc.tuple(error, delayMs).map(([thrown, afterMs]) => fail(thrown, afterMs)) },
    );
  const responder = (
    word: string,
  ): fc.Arbitrary<Pick<ScriptedResponder, 'steps' | 'afterLast' | 'heedsSignal'>> =>
    fc.record({
      steps: fc.array(step(word), { maxLength: 6 }),
      afterLast: fc.constantFrom('return', 'hang'),
      heedsSignal: fc.boolean(),
    });

  it('ends exactly once, never mixes two answers and never takes text back', async () => {
    await fc.assert(
      fc.asyncProperty(
        responder('L'),
        responder('U'),
        fc.boolean(),
        fc.constantFrom('there', 'none', 'broken', 'hanging'),
        fc.option(fc.nat(30_000), { freq: 3 }),
        async (lead, understudy, hasLead, bundle, abortAfterMs) => {
          const scene = new TurnScene();
          Object.assign(scene.lead, lead);
          Object.assign(scene.understudy, understudy);
          scene.start({
            ...(hasLead ? {} : { lead: null }),
            understudy: (): Promise<Responder | null> => {
              if (bundle === 'there') return Promise.resolve(scene.understudy);
              if (bundle === 'none') return Promise.resolve(null);
              if (bundle === 'broken') return Promise.reject(new Error('broken'));
              return new Promise(() => undefined);
            },
          });
          if (abortAfterMs !== null) {
            await scene.clock.advance(abortAfterMs);
            scene.abort.abort();
          }
          await scene.clock.advance(700_000);
          expect(scene.isOver, 'comes to an end').to.equal(true);
          const types = scene.parts.map(({ type }) => type);
          expect(types.filter((type) => type === 'end' || type === 'error')).to.have.length(1);
          expect(['end', 'error']).to.include(types.at(-1));
          if (types.includes('text-delta')) expect(types[0]).to.equal('route-decided');
          const { routes, text: shown } = scene;
          expect(routes.length).to.be.at.most(2);
          if (routes.length === 2) {
            expect(routes).to.deep.equal([
              ['lead', 'lead-reachable'],
              ['understudy', 'lead-interrupted'],
            ]);
            expect(types.filter((type) => type === 'notice')).to.have.length(1);
          }
          // All of the lead's text comes before all of the understudy's, and a route without the lead shows none of it.
          expect(shown.replaceAll('\n\n', '')).to.match(/^L*U*$/);
          if (shown.includes('L') && shown.includes('U')) expect(routes).to.have.length(2);
          const last = scene.parts.at(-1);
          if (last?.type === 'end') {
            expect(last.summary.text).to.equal(shown);
            expect(last.summary.responder).to.equal(routes.at(-1)?.[0]);
            const indexes = last.summary.citations.map(({ index }) => index);
            expect(new Set(indexes).size).to.equal(indexes.length);
          }
          expect(scene.outcomes).to.have.length(scene.lead.asked.length);
        },
      ),
      { numRuns: 150 },
    );
  });
});
