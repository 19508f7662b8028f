import { expect } from '@open-wc/testing';
import { isRecord } from '../../contracts/json.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { Passage } from '../../contracts/passage.ts';
import type { SearchOptions } from '../../contracts/retrieval.ts';
import { knowledgeDefinition } from './knowledge-step.ts';
import type { ModelScene, PlayedScene } from './model-scene.ts';
import { failureOf, planOf, play, samplePassage, sceneServices } from './model-scene.ts';

const passages: readonly Passage[] = [
  samplePassage({ collection: 'help', metadata: { year: 2026, audience: 'trade' } }),
  samplePassage({ id: 'returns#2', text: 'Keep the box.', metadata: { year: 2024 } }),
  samplePassage({ id: 'odd', url: null, text: 'Nothing is noted.' }),
];
const base: JsonObject = {
  query: ['sys', 'query'],
  collections: [],
  limit: 4,
  threshold: null,
  filter: null,
};

/** A retriever that gives all passages it is asked to accept, and keeps what it was asked. */
function scene(config: JsonObject = {}, more: Partial<ModelScene> = {}, confidence = 0.8) {
  const asked: (SearchOptions & { readonly question: string })[] = [];
  const scores = [4, 2, 1];
  const retriever: ReturnType<typeof sceneServices>['retriever'] = {
    ...sceneServices().retriever,
    search: (question, options = {}) => {
      asked.push({ question, ...options });
      const ranked = passages.flatMap((passage, at) =>
        (options.accepts?.(passage) ?? true) ? [{ passage, score: scores[at] ?? 0 }] : [],
      );
      return { ranked, confidence, isAnswerable: confidence >= 0.5 };
    },
  };
  const made: ModelScene = {
    definition: knowledgeDefinition,
    kind: 'knowledge',
    config: { ...base, ...config },
    values: { 'sys.query': 'How long?' },
    services: { retriever },
    ...more,
  };
  return { made, asked };
}

function ids({ result }: PlayedScene): readonly unknown[] {
  const { result: items } = result.outputs;
  if (!Array.isArray(items)) throw new Error('There is no result.');
  return items.map((item: unknown) =>
    isRecord(item) && isRecord(item['metadata']) ? item['metadata']['segment_id'] : null,
  );
}

describe('knowledge', () => {
  it('gives passages in the shape that flows read, and as they are', async () => {
    const { made } = scene();
    const { result } = await play(made);
    expect(result.when).to.equal('default');
    const { result: items, passages: found } = result.outputs;
    expect(Array.isArray(items) && items[0]).to.deep.equal({
      content: 'You can return the jug within 30 days.',
      title: 'Returns',
      url: '/returns.html',
      icon: null,
      metadata: {
        _source: 'knowledge',
        position: 1,
        dataset_id: 'help',
        dataset_name: 'help',
        document_id: 'returns',
        document_name: 'Returns',
        data_source_type: 'upload_file',
        segment_id: 'returns#1',
        segment_position: 1,
        segment_word_count: 38,
        retriever_from: 'workflow',
        score: 0.8,
        doc_metadata: { year: 2026, audience: 'trade' },
      },
      files: [],
      summary: null,
    });
    expect(found).to.deep.equal(passages.map((passage, at) => ({ passage, score: [4, 2, 1][at] })));
    expect(result.outcome).to.deep.equal({ confidence: 0.8 });
  });

  it('tells the retriever everything that helps to find', async () => {
    const history = [{ question: 'Before?', answer: 'Yes.' }];
    const { made, asked } = scene({ collections: ['help'], limit: 2 }, { history, language: 'zh' });
    expect(ids(await play(made))).to.have.length(2);
    expect(asked[0]).to.deep.equal({
      question: 'How long?',
      limit: 2,
      language: 'zh',
      collections: ['help'],
      history: ['Before?'],
      stepId: 'step',
    });
  });

  it('gives an empty result when the pages do not answer', async () => {
    const { made } = scene({}, {}, 0.3);
    const { result } = await play(made);
    expect(result.outputs).to.deep.equal({ result: [], passages: [] });
    expect(result.when).to.equal('default');
  });

  it('holds each passage against a threshold on the scale of confidences', async () => {
    expect(ids(await play(scene({ threshold: 0.4 }).made))).to.deep.equal(['returns#1', 'returns#2']);
    expect(ids(await play(scene({ threshold: 0.9 }).made))).to.deep.equal([]);
    // The owner's threshold takes the place of the bundle's gate.
    expect(ids(await play(scene({ threshold: 0 }, {}, 0.1).made))).to.have.length(3);
  });

  it('leaves out passages by what is noted of them', async () => {
    const filterBy = async (conditions: readonly JsonObject[], mode = 'all'): Promise<readonly unknown[]> => {
      const values = { 'sys.query': 'How long?', 'start.who': 'trade' };
      return ids(await play(scene({ filter: { mode, conditions } }, { values }).made));
    };
    const condition = (name: string, operator: string, value: unknown): JsonObject => ({
      from: ['metadata', name],
      operator,
      value: Array.isArray(value) ? value : typeof value === 'number' ? { value } : null,
      files: null,
    });
    expect(await filterBy([condition('audience', 'is', [{ from: ['start', 'who'] }])])).to.deep.equal([
      'returns#1',
    ]);
    expect(await filterBy([condition('year', '<', 2026)])).to.deep.equal(['returns#2']);
    expect(await filterBy([condition('audience', 'empty', null)])).to.deep.equal(['returns#2', 'odd']);
    const either = [condition('year', '=', 2024), condition('audience', 'is', ['trade'])];
    expect(await filterBy(either)).to.deep.equal([]);
    expect(await filterBy(either, 'any')).to.deep.equal(['returns#1', 'returns#2']);
    // A comparison that makes no sense leaves the passage out, and does not end the turn.
    expect(await filterBy([condition('audience', '>', 3)])).to.deep.equal([]);
    expect(await filterBy([condition('document_name', 'contains', ['Return'])])).to.have.length(3);
    expect(await filterBy([condition('toString', 'exists', null)])).to.deep.equal([]);
    expect(await filterBy([], 'any')).to.have.length(3);
  });

  it('gives nothing for an empty question, and fails for one that is no text', async () => {
    const { made, asked } = scene({}, { values: { 'sys.query': '  ' } });
    expect((await play(made)).result.outputs).to.deep.equal({});
    expect(asked).to.have.length(0);
    const failure = async (values: NonNullable<ModelScene['values']>): Promise<unknown> =>
      (await failureOf(() => play(scene({}, { values }).made))).code;
    expect(await failure({ 'sys.query': 5 })).to.equal('plan/value-invalid');
    expect(await failure({ 'sys.query': null })).to.equal('plan/value-invalid');
    expect(await failure({})).to.equal('plan/variable-missing');
  });

  it('refuses settings that are not of their form', () => {
    const wrong: readonly JsonObject[] = [
      { query: 'x' },
      { collections: [1] },
      { limit: 0 },
      { limit: 51 },
      { threshold: 2 },
      { threshold: 'high' },
      { filter: { mode: 'some', conditions: [] } },
    ];
    for (const config of wrong) {
      const plan = planOf(scene(config).made);
      const [step] = plan.steps;
      if (step === undefined) throw new Error('There is no step.');
      expect(() => knowledgeDefinition.prepare(step, plan), JSON.stringify(config))
        .to.throw()
        .with.property('code', 'plan/invalid');
    }
  });
});
