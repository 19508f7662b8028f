import { expect } from '@open-wc/testing';
import { UnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { classLabel } from '../../contracts/intent.ts';
import { loadIntentClassifier } from '../../intent/classify.ts';
import { trainIntentModel } from '../../intent/train-intents.ts';
import type { ModelScene } from './model-scene.ts';
import { failureOf, planOf, play, sceneServices, scriptedEngine, stepOf } from './model-scene.ts';
import { questionClassifierDefinition } from './question-classifier-step.ts';

const classes = [
  { id: '1', name: 'Questions about after sales', label: 'After sales' },
  { id: '2', name: 'Questions about how to use a product', label: 'Use' },
];
const unsure = [{ when: 'unsure', to: 'other' }];

function scene(text: string, more: Partial<ModelScene> = {}, config: JsonObject = {}): ModelScene {
  return {
    definition: questionClassifierDefinition,
    kind: 'question-classifier',
    config: { query: ['sys', 'query'], classes, instruction: null, ...config },
    values: { 'sys.query': text },
    others: [stepOf('other', 'end')],
    ...more,
  };
}

describe('question-classifier', () => {
  it('takes a class by its words and says how sure it is', async () => {
    const { result } = await play(scene('My jug is broken, I want a refund'));
    expect(result.when).to.equal('1');
    expect(result.outputs).to.include({
      class_id: '1',
      class_name: classes[0]?.name,
      class_label: 'After sales',
    });
    expect(result.outputs['confidence']).to.be.within(0.55, 1);
    expect((await play(scene('how do I set up the timer?'))).result.when).to.equal('2');
  });

  it('does not guess: it says that it is unsure, or needs the cloud', async () => {
    expect((await play(scene('qwertz', { edges: unsure }))).result.when).to.equal('unsure');
    expect((await play(scene(' ', { edges: unsure }))).result.outputs['confidence']).to.equal(0);
    const failure = await failureOf(() => play(scene('qwertz')));
    expect(failure).to.deep.equal({ code: 'plan/needs-lead', reason: 'unsure' });
  });

  it('learns of the pages that classes lead to', async () => {
    const names = ['One', 'Two'].map((name, at) => ({ id: String(at), name, label: '' }));
    const finds = [0, 1].map((at) =>
      stepOf(`find${String(at)}`, 'knowledge', {
        query: ['sys', 'query'],
        collections: [`pages ${String(at)}`],
      }),
    );
    const edges = finds.map((_, at) => ({ when: String(at), to: `find${String(at)}` }));
    const retriever = {
      ...sceneServices().retriever,
      search: (_: string, options: { readonly collections?: readonly string[] } = {}) => ({
        ranked: [],
        confidence: options.collections?.[0] === 'pages 1' ? 0.9 : 0.2,
        isAnswerable: false,
      }),
    };
    const { result } = await play(
      scene('whatever', { edges, others: finds, services: { retriever } }, { classes: names }),
    );
    expect(result.when).to.equal('1');
  });

  it('uses what the bundle learned of the classes', async () => {
    const taught = [
      {
        ...classes[0],
        id: 'a',
        name: 'A',
        label: '',
        examples: ['it is dented', 'the lid is loose', 'a dent in the side', 'loose lid'],
      },
      {
        ...classes[1],
        id: 'b',
        name: 'B',
        label: '',
        examples: ['making tea', 'brew green tea', 'tea for two', 'which tea'],
      },
    ];
    const intents = taught.map(({ id, name, examples }) => ({ id: classLabel('step', id), name, examples }));
    const classifier = loadIntentClassifier(trainIntentModel({ intents, none: [] }).bytes, []);
    const played = await play(
      scene('there is a dent in the lid', { services: { classifier } }, { classes: taught }),
    );
    expect(played.result.when).to.equal('a');
    // Classes of steps are no intents of the bundle.
    expect(classifier.classify('brew green tea').id).to.equal('none');
    expect(classifier.among?.('tea', ['class:elsewhere:a'])).to.equal(null);
  });

  it('asks a model that follows prompts, and takes what it chooses', async () => {
    const { engine, asked } = scriptedEngine(['{"category_id": "2"}']);
    const { result } = await play(scene('qwertz <|im_end|>', { services: { engine } }));
    expect(result.when).to.equal('2');
    expect(result.outputs['confidence']).to.equal(0.65);
    expect(asked[0]?.schema)
      .to.have.nested.property('properties.category_id.enum')
      .that.deep.equals(['1', '2', 'unsure']);
    expect(asked[0]?.messages[1]?.content).to.not.include('<|im_end|>');
    const agreed = await play(scene('how to set up the timer?', { services: { engine } }));
    expect(agreed.result.outputs['confidence']).to.be.above(0.65);
  });

  it('understands a model that answers in its own way', async () => {
    const outputs = [
      '<think>1?</think>```json\n{"keywords": ["x"], "category_id": 2, "category_name": "Use"}\n```',
      'Use',
      '2',
    ];
    for (const output of outputs) {
      const { engine } = scriptedEngine([output]);
      expect((await play(scene('qwertz', { services: { engine } }))).result.when, output).to.equal('2');
    }
  });

  it('stays with its own judgement when the model is unsure or fails', async () => {
    const error = new UnderstudyError('engine/failed', 'Gone.');
    for (const { engine } of [
      scriptedEngine(['{"category_id": "unsure"}']),
      scriptedEngine(['?']),
      scriptedEngine([], { error }),
    ]) {
      expect((await play(scene('I want a refund', { services: { engine } }))).result.when).to.equal('1');
      expect((await play(scene('qwertz', { services: { engine }, edges: unsure }))).result.when).to.equal(
        'unsure',
      );
    }
  });

  it('takes a scripted model at its word', async () => {
    const { engine } = scriptedEngine(['{"category_id": "2"}']);
    const { result } = await play(scene('I want a refund', { services: { engine, isScripted: true } }));
    expect([result.when, result.outputs['confidence']]).to.deep.equal(['2', 1]);
  });

  it('refuses settings that are not of their form', () => {
    const wrong: readonly JsonObject[] = [
      { query: [] },
      { classes: [] },
      { classes: [{ id: '1' }] },
      { classes: [classes[0] ?? null, classes[0] ?? null] },
      { classes: [{ id: '1', name: 'a', examples: [1] }] },
      { instruction: 'x' },
    ];
    for (const config of wrong) {
      const plan = planOf(scene('x', {}, config));
      const [step] = plan.steps;
      if (step === undefined) throw new Error('There is no step.');
      expect(() => questionClassifierDefinition.prepare(step, plan), JSON.stringify(config))
        .to.throw()
        .with.property('code', 'plan/invalid');
    }
  });
});
