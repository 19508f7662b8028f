import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { codeOf } from '../../test/fixtures/code-of.ts';
import { loadIntentClassifier } from './classify.ts';
import { joinMessageSense } from './message-sense.ts';
import { parseIntentSense, serializeIntentSense } from './sense-model.ts';
import { trainIntentModel } from './train-intents.ts';

const WIDTH = 4;
/** Words that mean the same lie on the same axis. */
const AXES = [
  /parcel|package|delivery|shipment/,
  /money|refund|reimburse/,
  /human|person|agent|somebody/,
  /./,
];
const encoder = {
  width: WIDTH,
  encode(text: string): Float32Array {
    const vector = new Float32Array(WIDTH);
    vector[AXES.findIndex((axis) => axis.test(text.toLowerCase()))] = 1;
    return vector;
  },
  dispose: () => undefined,
};
const training = {
  intents: [
    { id: 'track', name: 'Track', examples: ['where is my parcel', 'my package is late', 'parcel status'] },
    {
      id: 'refund',
      name: 'Refund',
      examples: ['i want my money back', 'refund please', 'money for a return'],
    },
    { id: 'person', name: 'Person', examples: ['a human please', 'talk to a person', 'a person now'] },
  ],
  none: ['what a nice day', 'do you like music', 'the sky is blue'],
};
const { bytes, sense } = trainIntentModel(training, { encoder });
const words = trainIntentModel(training);
const ids = ['none', 'track', 'refund', 'person'];

function senseBytes(): Uint8Array {
  if (sense === null) throw new Error('The training gave no vectors.');
  return sense;
}

describe('intents with an encoder', () => {
  it('are known by messages that share no word with an example', () => {
    const joined = joinMessageSense(encoder, senseBytes(), bytes);
    const byWords = loadIntentClassifier(bytes, []);
    const bySense = loadIntentClassifier(bytes, [], () => joined);
    expect(byWords.classify('shipment?').id).to.equal('none');
    expect(bySense.classify('shipment?').id).to.equal('track');
    expect(bySense.classify('reimburse!').id).to.equal('refund');
    expect(bySense.classify('grey clouds').id).to.equal('none');
  });

  it('use the encoder from when it is there', () => {
    let joined: ReturnType<typeof joinMessageSense> | null = null;
    const classifier = loadIntentClassifier(bytes, [], () => joined);
    const before = classifier.classify('shipment?');
    joined = joinMessageSense(encoder, senseBytes(), bytes);
    expect([before.id, classifier.classify('shipment?').id]).to.deep.equal(['none', 'track']);
    joined = null;
    expect(classifier.classify('shipment?')).to.deep.equal(before);
  });

  it('leave the model of the words as it is without one', () => {
    expect(words.sense).to.equal(null);
    expect(words.bytes).to.deep.equal(bytes);
  });

  it('are none where there are none', () => {
    expect(trainIntentModel({ intents: [], none: ['a'] }, { encoder }).sense).to.equal(null);
  });

  it('are learned the same every time', () => {
    expect(trainIntentModel(training, { encoder }).sense).to.deep.equal(sense);
  });
});

describe('the vectors of intents', () => {
  it('are read as they were written', () => {
    expect(serializeIntentSense(parseIntentSense(senseBytes(), ids))).to.deep.equal(senseBytes());
  });

  it('are refused with a code when they are of other intents, another encoder or another version', () => {
    expect(codeOf(() => parseIntentSense(senseBytes(), ['none', 'track', 'refund', 'other']))).to.equal(
      'bundle/artifact-invalid',
    );
    expect(codeOf(() => joinMessageSense({ ...encoder, width: 5 }, senseBytes(), bytes))).to.equal(
      'bundle/artifact-invalid',
    );
    const newer = senseBytes().slice();
    newer[4] = 9;
    expect(codeOf(() => parseIntentSense(newer, ids))).to.equal('bundle/version-unsupported');
  });

  it('are refused or read, whatever byte is damaged or missing', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.boolean(), (place, byte, isCut) => {
        const damaged = senseBytes().slice();
        const at = place % damaged.length;
        damaged[at] = byte;
        const code = codeOf(() => parseIntentSense(isCut ? damaged.slice(0, at) : damaged, ids));
        if (isCut) expect(code).to.match(/^bundle\//);
        else expect(code).to.match(/^(?:accepted|bundle\/)/);
      }),
    );
  });
});
