import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { expectSoundReader } from '../../test/fixtures/expect-sound-reader.ts';
import { loadIntentClassifier } from './classify.ts';
import { parseIntentModel, serializeIntentModel } from './intent-model.ts';
import { fitScopeScale, scopeOdds, scopeScore } from './scope.ts';
import { parseIntentSense, serializeIntentSense } from './sense-model.ts';
import { trainIntentModel } from './train-intents.ts';

const things = 'lamp chair table shelf sofa carpet mirror clock vase basket pillow curtain'.split(' ');
const encoder = {
  width: things.length,
  encode: (text: string): Float32Array =>
    Float32Array.from(things, (thing) => (text.includes(thing) ? 1 : 0.1)),
};
const intents = things.map((thing) => ({
  id: thing,
  name: thing,
  examples: [`where is my ${thing}`, `return the ${thing}`, `the ${thing} is broken`, `a large ${thing}`],
}));
const trained = trainIntentModel({ intents, none: [] }, { encoder });
const sense = trained.sense ?? new Uint8Array();
const model = parseIntentModel(trained.bytes);

describe('what tells messages in scope from others', () => {
  const shares = (...list: number[]): { probabilities: Float64Array; nearest: number } => ({
    probabilities: Float64Array.from(list),
    nearest: 0,
  });
  const rule = { scopeScale: { center: 2, width: 0.5 }, neighborScope: 0 };

  it('is the odds of being any intent: a message between two is in scope, though neither is likely', () => {
    const between = shares(0.01, 0.5, 0.49);
    const unlike = shares(0.4, 0.55, 0.05);
    expect(scopeScore(rule, between, 0.5)).to.be.above(0.9);
    expect(scopeScore(rule, unlike, 0.55)).to.be.below(0.1);
  });

  it('is a number from 0 to 1 for whatever probabilities, and grows as none becomes less likely', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (left, right, nearest) => {
        const [low, high] = [Math.min(left, right), Math.max(left, right)];
        const scoreOf = (none: number): number =>
          scopeScore({ ...rule, neighborScope: 0.3 }, { ...shares(none, 1 - none), nearest }, 1 - none);
        expect(scoreOf(low)).to.be.within(0, 1);
        expect(scoreOf(low)).to.be.at.least(scoreOf(high));
      }),
    );
  });

  it('is finite where a model has no doubt, or no intent', () => {
    for (const list of [shares(0, 1), shares(1, 0), shares(1), shares()])
      expect(scopeOdds(list.probabilities)).to.satisfy(Number.isFinite);
  });

  it('is scaled between the ones and the others, and not at all where they do not differ', () => {
    const scale = fitScopeScale([5, 6, 7], [1, 2, 3]);
    expect(scale?.center).to.be.closeTo(4, 1e-9);
    expect(scale?.width).to.be.closeTo(1 / 6, 1e-9);
    expect(fitScopeScale([1, 2], [3, 4])).to.equal(null);
    expect(fitScopeScale([1, 1], [0, 0])).to.equal(null);
    expect(fitScopeScale([], [1])).to.equal(null);
  });
});

describe('a model of many intents that learned nothing of other messages', () => {
  it('holds the scale, and knows messages of no intent by it', () => {
    expect(model.scopeScale).not.to.equal(null);
    const classifier = loadIntentClassifier(trained.bytes, []);
    expect(classifier.classify('my sofa is broken').id).to.equal('sofa');
    expect(classifier.classify('quadratic equations bore everybody').id).to.equal('none');
  });

  it('is read as it was written, its vectors too', () => {
    expect(serializeIntentModel(model)).to.deep.equal(trained.bytes);
    const parsed = parseIntentSense(sense, model.classIds);
    expect(parsed.scopeScale).not.to.equal(null);
    expect(serializeIntentSense(parsed)).to.deep.equal(sense);
  });

  it('is written as before without the scale, and read so', () => {
    const plain = serializeIntentModel({ ...model, scopeScale: null });
    expect([trained.bytes[4], plain[4]]).to.deep.equal([4, 2]);
    expect(parseIntentModel(plain)).to.deep.equal({ ...model, scopeScale: null });
    const parsed = parseIntentSense(sense, model.classIds);
    const plainSense = serializeIntentSense({ ...parsed, scopeScale: null });
    expect(plainSense.length).to.equal(sense.length - 8);
    expect(parseIntentSense(plainSense, model.classIds)).to.deep.equal({ ...parsed, scopeScale: null });
  });

  it('that is cut, or changed in any byte, is refused with a code or read; so are its vectors', () => {
    expectSoundReader(trained.bytes, parseIntentModel);
    expectSoundReader(sense, (bytes) => parseIntentSense(bytes, model.classIds));
  });
});
