import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { CLASS_FROM } from '../steps/question-classifier-step.ts';
import { createClassJudge } from './judge-classes.ts';
import { SERVICE_MESSAGES } from './service-messages.ts';

const describeAs = (name: string, examples: readonly string[] = []) => ({
  id: name,
  name,
  label: '',
  examples,
});

describe('createClassJudge', () => {
  it('takes the right class nine times in ten, leaves few open, and knows how sure it is', () => {
    const judged = SERVICE_MESSAGES.flatMap(({ classes, instruction = '', messages }) => {
      const judge = createClassJudge(
        classes.map((one) => ({ ...one, label: '', examples: [] })),
        instruction,
      );
      return messages.map(([id, message]) => {
        const { id: found = '', confidence = 0 } = judge.judge(message) ?? {};
        return { isRight: found === id, confidence };
      });
    });
    const taken = judged.filter(({ confidence }) => confidence >= CLASS_FROM);
    const right = taken.filter(({ isRight }) => isRight).length / taken.length;
    const mean = taken.reduce((sum, { confidence }) => sum + confidence, 0) / taken.length;
    expect(right).to.be.at.least(0.9);
    expect(taken.length / judged.length).to.be.at.least(0.85);
    expect(Math.abs(mean - right)).to.be.below(0.12);
  });

  it('says nothing of a message that has no word of any class', () => {
    const judge = createClassJudge([describeAs('Bread'), describeAs('Cakes')], '');
    expect(judge.judge('qwertz uiop')?.confidence).to.equal(0);
  });

  it('is not sure between classes that are both spoken of', () => {
    const judge = createClassJudge([describeAs('Bread'), describeAs('Cakes')], '');
    expect(judge.judge('Is your bread better than your cakes?')?.confidence).to.be.below(CLASS_FROM);
    expect(judge.judge('When do you bake bread?')).to.include({ id: 'Bread' });
  });

  it('learns from examples', () => {
    const judge = createClassJudge(
      [
        describeAs('One', ['my sourdough is too dry', 'crust too hard']),
        describeAs('Two', ['candles for a birthday']),
      ],
      '',
    );
    expect(judge.judge('the crust was hard')?.id).to.equal('One');
    expect(judge.judge('birthday candles please')?.id).to.equal('Two');
  });

  it('listens to a trained model and to the pages', () => {
    const judge = createClassJudge([describeAs('One'), describeAs('Two')], '');
    const trained = new Map([
      ['One', 0.1],
      ['Two', 0.9],
    ]);
    const judged = judge.judge('whatever', { trained, pages: null });
    expect(judged?.id).to.equal('Two');
    expect(judged?.confidence).to.be.closeTo(0.8, 1e-9);
    // A model that finds all alike leaves the judgement as it was, one that contradicts takes it away.
    const even = new Map([
      ['One', 0.5],
      ['Two', 0.5],
    ]);
    const bare = judge.judge('one please')?.confidence;
    expect(judge.judge('one please', { trained: even, pages: null })?.confidence).to.be.closeTo(
      bare ?? 0,
      1e-9,
    );
    expect(judge.judge('one please', { trained, pages: null })?.confidence).to.be.below(CLASS_FROM);
    const pages = new Map([
      ['One', 0.9],
      ['Two', 0.3],
    ]);
    expect(judge.judge('whatever', { trained: null, pages })?.id).to.equal('One');
  });

  it('gives a class of the list and a probability, whatever is asked', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(
        fc.uniqueArray(text, { minLength: 1, maxLength: 6 }),
        text,
        text,
        (names, message, instruction) => {
          const judged = createClassJudge(
            names.map((name) => describeAs(name)),
            instruction,
          ).judge(message);
          expect(names).to.include(judged?.id);
          expect(judged?.confidence).to.be.within(0, 1);
        },
      ),
    );
  });
});
