/** One plan and one set of services, from which each test differs in a word or two: taken apart, every file would repeat them. */
import { expect } from '@open-wc/testing';
import type { Clock } from '../contracts/clock.ts';
import type { Engine, EnginePart } from '../contracts/engine.ts';
import type { IntentDefinition } from '../contracts/intent.ts';
import type { Passage } from '../contracts/passage.ts';
import { parsePlan } from '../contracts/parse-plan.ts';
import type { Plan } from '../contracts/plan.ts';
import type { ResponderPart } from '../contracts/responder.ts';
import type { TurnRequest } from '../contracts/turn.ts';
import { findSlots } from '../text/slots/find-slots.ts';
import { openPlan } from './open-plan.ts';
import { createPlanResponder } from './plan-responder.ts';
import type { PlanServices } from './step-handler.ts';

const passage: Passage = {
  id: 'returns#1',
  documentId: 'returns',
  title: 'Returns',
  headings: ['How long'],
  url: '/returns.html',
  language: 'en',
  text: 'You can return the jug within 30 days.',
  questions: [],
  tags: [],
};
const definitions: { readonly [id: string]: IntentDefinition } = {
  greeting: {
    id: 'greeting',
    name: 'Greeting',
    action: 'answer',
    answer: { en: 'Hello!', zh: '您好！' },
    suggestions: { en: ['Where is my order?'] },
  },
  person: { id: 'person', name: 'Person', action: 'handoff', answer: null, suggestions: {} },
  thanks: { id: 'thanks', name: 'Thanks', action: 'answer', answer: { en: 'Welcome!' }, suggestions: {} },
  late: {
    id: 'late',
    name: 'Late order',
    action: 'answer',
    answer: { en: 'We look for {order|your order}.', zh: '我们在查{order|您的订单}。' },
    suggestions: {},
    slots: ['order'],
  },
  callback: {
    id: 'callback',
    name: 'Call back',
    action: 'handoff',
    answer: { en: 'We call {phone|you}.' },
    suggestions: {},
    slots: ['phone'],
  },
  parcels: { id: 'parcels', name: 'Track a parcel', action: 'retrieve', answer: null, suggestions: {} },
};
const plan: Plan = parsePlan({
  format: 'understudy/plan',
  version: 1,
  appId: 'test',
  start: 'ask',
  steps: [
    {
      id: 'ask',
      kind: 'classify',
      site: 'edge',
      inputs: { text: { from: ['turn', 'text'] } },
      outputs: ['intent', 'confidence', 'further', 'slots'],
      edges: [
        { when: 'answer', to: 'reply' },
        { when: 'handoff', to: 'person' },
        { when: 'default', to: 'find' },
      ],
      config: {},
    },
    {
      id: 'reply',
      kind: 'reply',
      site: 'edge',
      inputs: {
        intent: { from: ['ask', 'intent'] },
        further: { from: ['ask', 'further'] },
        slots: { from: ['ask', 'slots'] },
      },
      outputs: [],
      edges: [],
      config: {},
    },
    {
      id: 'find',
      kind: 'retrieve',
      site: 'edge',
      inputs: {
        query: { from: ['turn', 'text'] },
        intent: { from: ['ask', 'intent'] },
        intentConfidence: { from: ['ask', 'confidence'] },
      },
      outputs: ['passages', 'confidence'],
      edges: [
        { when: 'found', to: 'say' },
        { when: 'none', to: 'refuse' },
      ],
      config: {},
    },
    {
      id: 'say',
      kind: 'compose',
      site: 'edge',
      inputs: {
        question: { from: ['turn', 'text'] },
        passages: { from: ['find', 'passages'] },
        confidence: { from: ['find', 'confidence'] },
      },
      outputs: [],
      edges: [{ when: 'none', to: 'refuse' }],
      config: {},
    },
    {
      id: 'person',
      kind: 'handoff',
      site: 'edge',
      inputs: { intent: { from: ['ask', 'intent'] }, slots: { from: ['ask', 'slots'] } },
      outputs: [],
      edges: [],
      config: { reason: 'asked' },
    },
    {
      id: 'refuse',
      kind: 'handoff',
      site: 'edge',
      inputs: { passages: { from: ['find', 'passages'] }, confidence: { from: ['find', 'confidence'] } },
      outputs: [],
      edges: [],
      config: { reason: 'not-in-pages' },
    },
  ],
});
/** Never fires: tests own the time. */
const stillClock: Clock = { now: () => 0, monotonicMs: () => 0, sleep: () => new Promise(() => undefined) };

function services(
  changes: Partial<PlanServices> & { intent?: string; markdown?: string } = {},
): PlanServices {
  const { intent = 'none', markdown = passage.text, ...rest } = changes;
  return {
    classifier: {
      classify: () => ({ id: intent, confidence: 0.9, action: definitions[intent]?.action ?? 'retrieve' }),
      definition: (id) => definitions[id] ?? null,
    },
    retriever: {
      search: () => ({ ranked: [{ passage, score: 3 }], confidence: 0.8, isAnswerable: true }),
      extract: () => [{ passage, markdown, text: markdown }],
      passage: () => passage,
    },
    grounding: {
      check: (statement) => ({ isSupported: !statement.includes('60'), reasons: [] }),
    },
    engine: () => null,
    clock: stillClock,
    ...rest,
  };
}

/** An engine that writes the given pieces and counts how many were taken. */
function scriptedEngine(pieces: readonly string[], taken: { count: number } = { count: 0 }): Engine {
  return {
    contract: 1,
    id: 'scripted',
    modelId: 'scripted',
    contextTokens: 1000,
    load: async () => undefined,
    dispose: async () => undefined,
    async *generate(): AsyncGenerator<EnginePart> {
      for (const text of pieces) {
        taken.count += 1;
        yield { type: 'text-delta', text };
      }
      yield {
        type: 'end',
        reason: 'stop',
        metrics: { promptTokens: 1, outputTokens: 9, firstTokenMs: 1, tokensPerSecond: 200, memoryBytes: 5 },
      };
    },
  };
}

function turn(text: string): TurnRequest {
  return { id: '1', text, language: 'en', pageUrl: null, inputs: {} };
}

async function answer(text: string, given: PlanServices): Promise<ResponderPart[]> {
  const parts: ResponderPart[] = [];
  const responder = createPlanResponder({ plan: await openPlan(plan), ...given });
  for await (const part of responder.respond(turn(text))) parts.push(part);
  return parts;
}
const textOf = (parts: readonly ResponderPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
const endOf = (parts: readonly ResponderPart[]) => {
  const last = parts.at(-1);
  if (last?.type !== 'end') throw new Error('no end');
  return last.outcome;
};

describe('interpretPlan', () => {
  it('says the canned answer of an intent in the language of the question', async () => {
    expect(textOf(await answer('hello there', services({ intent: 'greeting' })))).to.equal('Hello!');
    expect(textOf(await answer('你好，请问', services({ intent: 'greeting' })))).to.equal('您好！');
  });

  it('says the answers of a message that asks for several things, and one when another of them has none', async () => {
    const hearing = (...ids: readonly string[]): PlanServices => {
      const several = ids.map((id) => ({
        id,
        confidence: 0.9,
        action: definitions[id]?.action ?? 'retrieve',
      }));
      const { classifier } = services({ intent: 'greeting' });
      return services({ classifier: { ...classifier, several: () => several } });
    };
    expect(textOf(await answer('thanks and hello', hearing('thanks', 'greeting')))).to.equal(
      'Welcome!\n\nHello!',
    );
    expect(textOf(await answer('hello, a human', hearing('thanks', 'person')))).to.equal('Hello!');
  });

  it('says what the visitor named in the places of an answer, and the words in its stead where nothing was named', async () => {
    const late = services({ intent: 'late', findSlots });
    expect(textOf(await answer('order FB-123456 or FB-222222 is late', late))).to.equal(
      'We look for FB-123456.',
    );
    expect(textOf(await answer('订单号FB-123456还没到', late))).to.equal('我们在查FB-123456。');
    expect(textOf(await answer('my order is late', late))).to.equal('We look for your order.');
    expect(textOf(await answer('order FB-123456', services({ intent: 'late' })))).to.equal(
      'We look for your order.',
    );
    const person = await answer('call me on +44 20 7946 0958', services({ intent: 'callback', findSlots }));
    expect(textOf(person)).to.equal('We call +44 20 7946 0958.');
  });

  it('gives the slots of a message as an output of its step', async () => {
    const outputs: unknown[] = [];
    const trace: PlanServices['trace'] = (event) => {
      if (event.type === 'step-finished' && event.step === 'ask') outputs.push(event.outputs['slots']);
    };
    const text = 'order FB-123456, a@b.example';
    await answer(text, services({ intent: 'late', findSlots, trace }));
    await answer(text, services({ intent: 'thanks', findSlots, trace }));
    expect(outputs).to.deep.equal([{ order: 'FB-123456' }, {}]);
  });

  it('offers the suggestions of an intent', async () => {
    const parts = await answer('hello', services({ intent: 'greeting' }));
    expect(parts).to.deep.include({ type: 'suggestion', text: 'Where is my order?' });
  });

  it('shows the extract with its citation when there is no generator', async () => {
    const parts = await answer('How long can I return it?', services());
    expect(textOf(parts)).to.equal('You can return the jug within 30 days. [1]');
    expect(parts.some((part) => part.type === 'citation' && part.citation.passageId === 'returns#1')).to.be
      .true;
    expect(endOf(parts)).to.include({ isWorded: false, isRefusal: false, confidence: 0.8 });
  });

  it('says that it is not sure where the confidence is low', async () => {
    const told = async (confidence: number): Promise<string> => {
      const found = { ranked: [{ passage, score: 3 }], confidence, isAnswerable: true };
      const retriever = { ...services().retriever, search: () => found };
      return textOf(await answer('How long?', services({ retriever })));
    };
    expect(await told(0.64)).to.equal(
      'I am not sure that this is what you mean. Our help pages say:\n\nYou can return the jug within 30 days. [1]',
    );
    expect(await told(0.7)).to.equal('You can return the jug within 30 days. [1]');
  });

  it('shows a worded answer when every statement is supported', async () => {
    const engine = scriptedEngine(['Within ', '30 days [1]. ', 'Keep the box [1].']);
    const parts = await answer('How long?', services({ engine: () => engine }));
    expect(textOf(parts)).to.equal('Within 30 days. [1] Keep the box. [1]');
    expect(endOf(parts)).to.include({ isWorded: true, tokensPerSecond: 200 });
  });

  it('shows the extract when the first statement is not supported, and stops the generator', async () => {
    const taken = { count: 0 };
    const engine = scriptedEngine(['Within 60 days [1]. ', 'Next. ', 'More. ', 'Still more.'], taken);
    const parts = await answer('How long?', services({ engine: () => engine }));
    expect(textOf(parts)).to.equal('You can return the jug within 30 days. [1]');
    expect(endOf(parts).isWorded).to.be.false;
    expect(taken.count).to.be.lessThan(4);
  });

  it('keeps the statements shown before one that is not supported', async () => {
    const engine = scriptedEngine(['Within 30 days [1]. ', 'Or 60 days [1]. ', 'Bye.']);
    expect(textOf(await answer('How long?', services({ engine: () => engine })))).to.equal(
      'Within 30 days. [1]',
    );
  });

  it('cites the passage that supports a statement, whatever number the generator wrote', async () => {
    const engine = scriptedEngine(['Within 30 days [7].']);
    const parts = await answer('How long?', services({ engine: () => engine }));
    expect(textOf(parts)).to.equal('Within 30 days. [1]');
  });

  it('shows steps as they stand instead of wording them', async () => {
    const engine = scriptedEngine(['Open it [1].']);
    const parts = await answer(
      'How?',
      services({ engine: () => engine, markdown: '1. Open the lid.\n2. Fill it.' }),
    );
    expect(textOf(parts)).to.equal('1. Open the lid.\n2. Fill it. [1]');
  });

  it('lets a model that only quotes word English and Chinese alone, and a general one what the pages are in', async () => {
    const german = { ...passage, language: 'de', text: 'Sie haben 30 Tage.' };
    const retriever = {
      ...services().retriever,
      extract: () => [{ passage: german, markdown: german.text, text: german.text }],
    };
    const engine = scriptedEngine(['30 Tage [1].']);
    const told = async (given: Engine): Promise<string> =>
      textOf(await answer('Wie lange?', services({ engine: () => given, retriever })));
    expect(await told(engine)).to.equal('Sie haben 30 Tage. [1]');
    expect(await told({ ...engine, ability: 'general' })).to.equal('30 Tage. [1]');
  });

  it('words the prose before a table and shows the table as it stands', async () => {
    const engine = scriptedEngine(['Within 30 days [1].']);
    const table = '| Product | Days |\n| --- | --- |\n| Jug | 30 |';
    const spans = [passage.text, table].map((markdown) => ({ passage, markdown, text: markdown }));
    const retriever = { ...services().retriever, extract: () => spans };
    const parts = await answer('How long?', services({ engine: () => engine, retriever }));
    expect(textOf(parts)).to.equal(`Within 30 days. [1]\n\n${table}\n\n[1]`);
    expect(endOf(parts).isWorded).to.be.true;
  });

  it('shows a table first where it answers best, and words the prose after it', async () => {
    const engine = scriptedEngine(['Within 30 days [1].']);
    const table = '| Product | Days |\n| --- | --- |\n| Jug | 30 |';
    const spans = [table, passage.text].map((markdown) => ({ passage, markdown, text: markdown }));
    const retriever = { ...services().retriever, extract: () => spans };
    const parts = await answer('How long?', services({ engine: () => engine, retriever }));
    expect(textOf(parts)).to.equal(`${table}\n\n[1]\n\nWithin 30 days. [1]`);
  });

  it('does not call an answer worded that repeats the extract', async () => {
    const engine = scriptedEngine([`${passage.text.slice(0, -1)} [1].`]);
    const parts = await answer('How long?', services({ engine: () => engine }));
    expect(endOf(parts).isWorded).to.be.false;
  });

  it('shows the extract when the generator is too slow', async () => {
    const clock: Clock = { ...stillClock, sleep: () => Promise.resolve() };
    const engine: Engine = {
      ...scriptedEngine([]),
      async *generate(_request, options = {}): AsyncGenerator<EnginePart> {
        await new Promise((_, reject) => {
          options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
        });
        yield { type: 'text-delta', text: 'too late' };
      },
    };
    expect(textOf(await answer('How long?', services({ engine: () => engine, clock })))).to.equal(
      'You can return the jug within 30 days. [1]',
    );
  });

  it("searches the pages that its settings and the visitor's page name", async () => {
    const filters: unknown[] = [];
    const given = services();
    const retriever: PlanServices['retriever'] = {
      ...given.retriever,
      search: (question, options) => {
        filters.push(options?.filter);
        return given.retriever.search(question, options);
      },
    };
    const config = { filter: { language: 'en' }, filterBy: ['product', 'audience', 'toString'] };
    const steps = plan.steps.map((step) => (step.kind === 'retrieve' ? { ...step, config } : step));
    const responder = createPlanResponder({
      plan: await openPlan({ ...plan, steps }),
      ...given,
      retriever,
    });
    const asked = {
      ...turn('How long?'),
      inputs: { product: 'tap', audience: ['staff', 'owners'], other: 'x' },
    };
    for await (const part of responder.respond(asked)) expect(part).to.not.equal(null);
    await answer('How long?', { ...given, retriever });
    expect(filters).to.deep.equal([
      { language: ['en'], product: ['tap'], audience: ['staff', 'owners'] },
      {},
    ]);
  });

  it('searches with the name of an intent as topic only when it is likely', async () => {
    const topics: (string | undefined)[] = [];
    for (const confidence of [0.9, 0.4]) {
      const given = services();
      const retriever: PlanServices['retriever'] = {
        ...given.retriever,
        search: (question, options) => {
          topics.push(options?.topic);
          return given.retriever.search(question, options);
        },
      };
      const classify = () => ({ id: 'parcels', confidence, action: 'retrieve' as const });
      await answer('Where is it?', { ...given, retriever, classifier: { ...given.classifier, classify } });
    }
    expect(topics).to.deep.equal(['Track a parcel', undefined]);
  });

  it('says honestly that the pages do not answer and offers people', async () => {
    const retriever = {
      ...services().retriever,
      search: () => ({ ranked: [], confidence: 0.1, isAnswerable: false }),
    };
    const parts = await answer('Who won the match?', services({ retriever }));
    expect(textOf(parts)).to.contain('not find this in our help pages');
    expect(parts).to.deep.include({ type: 'handoff', reason: 'not-in-pages' });
    expect(endOf(parts).isRefusal).to.be.true;
  });

  it('offers what the pages do say near a question that they do not answer', async () => {
    const { retriever } = services();
    const search = (question: string) => {
      const found = retriever.search(question);
      return question === 'Returns: How long' ? found : { ...found, confidence: 0.4, isAnswerable: false };
    };
    const unsure = { ...retriever, search };
    const parts = await answer('Who won the match?', services({ retriever: unsure }));
    expect(textOf(parts)).to.contain('one of the topics below');
    expect(parts).to.deep.include({ type: 'suggestion', text: 'Returns: How long' });
    expect(parts).to.deep.include({ type: 'handoff', reason: 'not-in-pages' });
    expect(endOf(parts).isRefusal).to.be.true;
  });

  it('refuses when passages are found but no span of them answers', async () => {
    const retriever = { ...services().retriever, extract: () => [] };
    expect(endOf(await answer('How long?', services({ retriever }))).isRefusal).to.be.true;
  });

  it('names the step that failed', async () => {
    const retriever = {
      ...services().retriever,
      search: () => {
        throw new Error('broken');
      },
    };
    let code = '';
    try {
      await answer('How long?', services({ retriever }));
    } catch (error) {
      code = (error as { code: string }).code;
    }
    expect(code).to.equal('plan/step-failed');
  });

  it('ends a plan that runs in a circle', async () => {
    const step = { kind: 'end', site: 'edge', inputs: {}, outputs: [], config: {} } as const;
    const circle = parsePlan({
      format: 'understudy/plan',
      version: 1,
      appId: 't',
      start: 'a',
      steps: [
        { id: 'a', ...step, edges: [{ when: 'default', to: 'b' }] },
        { id: 'b', ...step, edges: [{ when: 'default', to: 'a' }] },
      ],
    });
    let code = '';
    try {
      for await (const part of createPlanResponder({ plan: await openPlan(circle), ...services() }).respond(
        turn('x'),
      ))
        expect(part.type).to.not.equal('end');
    } catch (error) {
      code = (error as { code: string }).code;
    }
    expect(code).to.equal('plan/too-many-steps');
  });

  it('stops at once when it is aborted', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    let message = '';
    try {
      for await (const part of createPlanResponder({ plan: await openPlan(plan), ...services() }).respond(
        turn('x'),
        {
          signal: stop.signal,
        },
      ))
        expect(part).to.equal(null);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).to.equal('stopped');
  });
});
