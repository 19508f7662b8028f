import { expect } from '@open-wc/testing';
import { expectSoundReader } from '../../test/fixtures/expect-sound-reader.ts';
import { createEmbedded, MOST_COMPONENT } from './feature-embedding.ts';
import { featurize, weigh } from './featurize.ts';
import { fitEmbedding } from './fit-embedding.ts';
import { parseIntentModel, serializeIntentModel } from './intent-model.ts';
import { createIntentScorer } from './score-model.ts';
import { trainIntentModel } from './train-intents.ts';

const BITS = 15;
const SUBJECTS = ['parcel', 'refund', 'password', 'invoice', 'tap', 'voucher'];
const FORMS = [
  'where is my',
  'i want the',
  'please change our',
  'what about this',
  'lost the',
  'send me another',
];
const ENDINGS = [
  'today',
  'again',
  'now',
  'please',
  'soon',
  'from monday',
  'for my sister',
  'in june',
  'at once',
];

/** Messages about each subject, in forms that all subjects share. */
function messagesOf(subject: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const ending = ENDINGS[Math.floor(at / FORMS.length) % ENDINGS.length] ?? '';
    const number = Math.floor(at / (FORMS.length * ENDINGS.length));
    return `${FORMS[at % FORMS.length] ?? ''} ${subject} ${ending} ${number > 0 ? number : ''}`;
  });
}

const texts = SUBJECTS.flatMap((subject) => messagesOf(subject, 54));
const labels = texts.map((_, at) => Math.floor(at / 54));
const idf = new Float32Array(1 << BITS).fill(1);
const vectorOf = (text: string) => weigh(featurize(text, BITS), idf);

describe('an embedding of features', () => {
  const embedding = fitEmbedding(texts.map(vectorOf), labels, SUBJECTS.length, BITS);
  const compare = createEmbedded(embedding);
  const sharesOf = (text: string): Float64Array => compare(vectorOf(text)).shares;

  it('knows the subject of messages it never saw', () => {
    SUBJECTS.forEach((subject, label) => {
      const shares = sharesOf(`tell me more on that ${subject}`);
      expect(shares.indexOf(Math.max(...shares)), subject).to.equal(label);
    });
  });

  it('is less sure of messages of other subjects', () => {
    const known = Math.max(...sharesOf('where is my refund'));
    expect(Math.max(...sharesOf('quantum gravity bends spacetime'))).to.be.lessThan(known / 2);
  });

  it('is the same every time', () => {
    expect(fitEmbedding(texts.map(vectorOf), labels, SUBJECTS.length, BITS)).to.deep.equal(embedding);
  });

  it('has components of four bits, and vectors only of features that three messages hold', () => {
    for (const component of embedding.components) expect(Math.abs(component)).to.be.at.most(MOST_COMPONENT);
    const count = (feature: number): number =>
      texts.filter((text) => featurize(text, BITS).features.includes(feature)).length;
    for (const feature of embedding.features.slice(0, 40)) expect(count(feature)).to.be.at.least(3);
  });
});

describe('an intent model with an embedding', () => {
  const few = trainIntentModel(
    {
      intents: SUBJECTS.map((id) => ({ id, name: id, examples: messagesOf(id, 40) })),
      none: ['what is the capital of australia', 'tell me a joke', 'how tall is everest'],
    },
    { iterations: 5, folds: 2 },
  ).bytes;
  const plain = parseIntentModel(few);
  const embedding = fitEmbedding(
    texts.map((text) => weigh(featurize(text, plain.featureBits), plain.idf)),
    labels.map((label) => label + 1),
    plain.classIds.length,
    plain.featureBits,
  );
  const bytes = serializeIntentModel({
    ...plain,
    embedding: { ...embedding, temperature: 0.5 },
    neighborShare: 1,
    neighbors: {
      labels: new Uint16Array(),
      rowStart: new Uint32Array(1),
      features: new Uint32Array(),
      counts: new Uint8Array(),
    },
  });

  it('says what the embedding says, as far as its share goes', () => {
    const score = createIntentScorer(parseIntentModel(bytes));
    const { probabilities, nearest } = score('tell me more on that refund');
    const best = probabilities.indexOf(Math.max(...probabilities));
    expect(plain.classIds[best]).to.equal('refund');
    expect(nearest).to.be.closeTo(probabilities[best] ?? 0, 1e-9);
  });

  it('comes back from its bytes, up to what they round', () => {
    const { features, components, width, temperature } = parseIntentModel(bytes).embedding ?? {};
    expect([width, temperature]).to.deep.equal([32, 0.5]);
    expect(features).to.deep.equal(embedding.features);
    expect(components).to.deep.equal(embedding.components);
    expect(serializeIntentModel(parseIntentModel(bytes))).to.deep.equal(bytes);
  });

  it('has a version of its own; a model of few examples keeps them, and is written as before', () => {
    expect([few[4], bytes[4]]).to.deep.equal([2, 3]);
    expect(plain.embedding).to.equal(null);
  });

  it('that is cut, or changed in any byte, is refused with a code or read', () => {
    expectSoundReader(bytes, parseIntentModel);
  });
});
