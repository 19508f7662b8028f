import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { codeOf } from '../../test/fixtures/code-of.ts';
import type { IntentDefinition } from '../contracts/intent.ts';
import { loadIntentClassifier } from './classify.ts';
import { featurize, LEAST_FEATURE_BITS, MOST_FEATURE_BITS, weigh } from './featurize.ts';
import { parseIntentModel, serializeIntentModel } from './intent-model.ts';
import { parseIntentDefinitions } from './parse-definitions.ts';
import { type IntentTrainingSet, trainIntentModel } from './train-intents.ts';

const training = {
  intents: [
    {
      id: 'handoff',
      name: 'Talk to a person',
      examples: [
        'i want to talk to a human',
        'connect me to an agent',
        'can i speak with a person please',
        'let me talk to someone',
        'human please',
        'real person',
        '转人工',
        '我要找人工客服',
        '给我接一个真人',
      ],
    },
    {
      id: 'greeting',
      name: 'Greeting',
      examples: [
        'hello',
        'hi there',
        'good morning',
        'hey',
        'good evening',
        'hello you',
        '你好',
        '您好',
        '早上好',
      ],
    },
    {
      id: 'thanks',
      name: 'Thanks',
      examples: [
        'thank you',
        'thanks a lot',
        'many thanks',
        'cheers, that helped',
        'thx',
        '谢谢',
        '多谢你',
        '非常感谢',
      ],
    },
  ],
  none: [
    'how do i return my order',
    'where is my parcel',
    'what does shipping cost',
    '怎么退货',
    '运费多少钱',
  ],
};
const definitions: readonly IntentDefinition[] = [
  { id: 'handoff', name: 'Talk to a person', action: 'handoff', answer: null, suggestions: {} },
  { id: 'greeting', name: 'Greeting', action: 'answer', answer: { en: 'Hello!' }, suggestions: {} },
];
const trainIntents = (set: IntentTrainingSet): Uint8Array => trainIntentModel(set).bytes;
const model: Uint8Array = trainIntents(training);

describe('featurize', () => {
  it('gives sorted positions inside the table, once each', () => {
    for (let bits = LEAST_FEATURE_BITS; bits <= MOST_FEATURE_BITS; bits++) {
      const { features } = featurize('Where is my 滤水壶?', bits);
      expect([...features].sort((left, right) => left - right)).to.deep.equal(features);
      expect(new Set(features).size).to.equal(features.length);
      expect(features.every((feature) => feature >= 0 && feature < 1 << bits)).to.equal(true);
    }
  });

  it('gives the same for composed and decomposed spellings', () => {
    expect(featurize('café'.normalize('NFD'), 15)).to.deep.equal(featurize('café'.normalize('NFC'), 15));
  });

  it('weighs to a vector of length one, half of it for words and half for their parts', () => {
    const { features, values } = weigh(featurize('hello there', 15), new Float32Array(1 << 15).fill(1));
    const squares = [0, 0];
    features.forEach(
      (feature, at) => (squares[feature & 1] = (squares[feature & 1] ?? 0) + (values[at] ?? 0) ** 2),
    );
    expect(squares[0]).to.be.closeTo(0.5, 1e-9);
    expect(squares[1]).to.be.closeTo(0.5, 1e-9);
  });
});

describe('trainIntentModel and loadIntentClassifier', () => {
  const classifier = loadIntentClassifier(model, definitions);

  it('hears an intent said in other words', () => {
    expect(classifier.classify('please let me speak to a human').id).to.equal('handoff');
    expect(classifier.classify('hello, good morning').id).to.equal('greeting');
    expect(classifier.classify('我想找人工').id).to.equal('handoff');
  });

  it('gives the action of the definition, and looks up what has none', () => {
    expect(classifier.classify('i want to talk to a human').action).to.equal('handoff');
    expect(classifier.classify('thank you').action).to.equal('retrieve');
  });

  it('says none to a question of another kind', () => {
    const { id, action, confidence } = classifier.classify('what is the weather in paris tomorrow');
    expect({ id, action }).to.deep.equal({ id: 'none', action: 'retrieve' });
    expect(confidence).to.be.within(0, 1);
  });

  it('says none to an empty message', () => {
    expect(classifier.classify('').id).to.equal('none');
  });

  it('hears several intents in one message, in its order, and one in a message that asks one thing', () => {
    const heard = (text: string): string[] => (classifier.several?.(text) ?? []).map(({ id }) => id);
    expect(heard('hello there, and i want to talk to a human')).to.deep.equal(['greeting', 'handoff']);
    expect(heard('谢谢！我要找人工客服')).to.deep.equal(['thanks', 'handoff']);
    expect(heard('good morning')).to.deep.equal(['greeting']);
    expect(heard('hello, hello there')).to.deep.equal(['greeting']);
  });

  it('knows the definitions by id', () => {
    expect(classifier.definition('greeting')?.answer?.['en']).to.equal('Hello!');
    expect(classifier.definition('none')).to.equal(null);
  });

  it('trains the same bytes every time', () => {
    expect([...trainIntents(training)]).to.deep.equal([...model]);
  });

  it('always says none without intents', () => {
    for (const empty of [trainIntents({ intents: [], none: [] }), new Uint8Array()]) {
      expect(loadIntentClassifier(empty, []).classify('hello').id).to.equal('none');
    }
  });

  it('keeps messages of intents apart from messages of others where there are many intents', () => {
    const things = 'lamp chair table shelf sofa carpet mirror clock vase basket pillow curtain'.split(' ');
    const many = trainIntents({
      intents: things.map((thing) => ({
        id: thing,
        name: thing,
        examples: [
          `where is my ${thing}`,
          `i want to return the ${thing}`,
          `the ${thing} is broken`,
          `how large is the ${thing}`,
        ],
      })),
      none: [],
    });
    const parsed = parseIntentModel(many);
    expect(parsed.neighbors.labels.length).to.equal(parsed.neighborShare + parsed.neighborScope > 0 ? 60 : 0);
    const wide = loadIntentClassifier(many, []);
    expect(wide.classify('my sofa is broken').id).to.equal('sofa');
    expect(wide.classify('quadratic equations bore everybody').id).to.equal('none');
  });

  it('trains on a single intent with a single example', () => {
    const small = trainIntents({
      intents: [{ id: 'human', name: 'Human', examples: ['human please'] }],
      none: [],
    });
    expect(parseIntentModel(small).classIds).to.deep.equal(['none', 'human']);
  });

  it('refuses ids that are reserved or come twice', () => {
    const intent = { id: 'none', name: 'x', examples: [] };
    expect(codeOf(() => trainIntents({ intents: [intent], none: [] }))).to.equal('cli/source-invalid');
    const twice = { id: 'a', name: 'x', examples: [] };
    expect(codeOf(() => trainIntents({ intents: [twice, twice], none: [] }))).to.equal('cli/source-invalid');
  });
});

describe('parseIntentModel', () => {
  it('reads what was written', () => {
    expect([...serializeIntentModel(parseIntentModel(model))]).to.deep.equal([...model]);
  });

  it('refuses a later version by its own code', () => {
    const later = model.slice();
    later[4] = 9;
    expect(codeOf(() => parseIntentModel(later))).to.equal('bundle/version-unsupported');
  });

  it('refuses every shortened model', () => {
    fc.assert(
      fc.property(fc.nat(model.length - 1), (length) => {
        expect(codeOf(() => parseIntentModel(model.slice(0, length)))).to.equal('bundle/artifact-invalid');
      }),
    );
  });

  it('reads or refuses, but never fails otherwise, whatever was changed', () => {
    const change = fc.tuple(fc.nat(model.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
        const damaged = model.slice();
        for (const [at, value] of changes) damaged[at] = value;
        const code = codeOf(() => loadIntentClassifier(damaged, []).classify('hello'));
        expect(code).to.be.oneOf(['accepted', 'bundle/artifact-invalid', 'bundle/version-unsupported']);
      }),
    );
  });
});

describe('parseIntentDefinitions', () => {
  it('accepts the definitions of a bundle', () => {
    expect(parseIntentDefinitions(JSON.parse(JSON.stringify(definitions)))).to.deep.equal(definitions);
  });

  it('refuses an answer that is missing, an unknown action and ids that come twice', () => {
    const answer = { id: 'a', name: 'A', action: 'answer' };
    const launch = { id: 'a', name: 'A', action: 'launch' };
    const lookUp = { id: 'a', name: 'A', action: 'retrieve' };
    for (const list of [[answer], [launch], [lookUp, lookUp], 'x', [null], [{ ...lookUp, id: 'none' }]]) {
      expect(codeOf(() => parseIntentDefinitions(list))).to.equal('bundle/artifact-invalid');
    }
  });

  it('keeps the slots of an intent, without those that only newer releases know', () => {
    const late = { id: 'a', name: 'A', action: 'handoff', answer: null, suggestions: {} };
    expect(parseIntentDefinitions([{ ...late, slots: ['order', 'address'] }])).to.deep.equal([
      { ...late, slots: ['order'] },
    ]);
    expect(codeOf(() => parseIntentDefinitions([{ ...late, slots: 'order' }]))).to.equal(
      'bundle/artifact-invalid',
    );
  });

  it('never fails otherwise', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(codeOf(() => parseIntentDefinitions(value))).to.be.oneOf([
          'accepted',
          'bundle/artifact-invalid',
        ]);
      }),
    );
  });
});
