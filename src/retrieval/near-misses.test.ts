import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import { compareInTurn } from '../bytes/compare-vectors.ts';
import type { Encoder } from '../contracts/encoder.ts';
import type { Passage } from '../contracts/passage.ts';
import type { SearchOutcome } from '../contracts/retrieval.ts';
import { buildIndex } from './build-index.ts';
import { buildPassageVectors } from './build-passage-vectors.ts';
import { gatherNearMisses } from './near-misses.ts';
import { meaningOf, parsePassageVectors } from './passage-vectors.ts';
import { prepareQuery } from './query.ts';
import { loadRetriever } from './retriever.ts';
import { openIndex } from './search-index.ts';
import { parseIndex } from './index-format.ts';

const jug = samplePassage('jug#1', 'Cleaning the jug', 'Wash the jug by hand. A dishwasher makes it dull.', {
  expected: ['can the jug go in the dishwasher', 'how do i wash the jug'],
});
const tap = samplePassage('tap#1', 'Tap', 'The tap fits holes of 35 mm. A plumber mounts it in an hour.', {
  expected: ['which hole does the tap need', 'who mounts the tap'],
});
const MISSES = ['can the jug go in the microwave', 'is the jug safe for boiling water'];
const missed: Passage = { ...jug, nearMisses: MISSES };

const ask = (passages: readonly Passage[], question: string): SearchOutcome =>
  loadRetriever(buildIndex(passages), passages).search(question);

describe('near misses', () => {
  it('make a question like them doubtful, and leave one that is expected as it was', () => {
    const question = 'can I put the jug in the microwave';
    expect(ask([missed, tap], question).confidence).to.be.lessThan(ask([jug, tap], question).confidence / 2);
    for (const answered of ['can the jug go in the dishwasher', 'which hole does the tap need'])
      expect(ask([missed, tap], answered).confidence).to.equal(ask([jug, tap], answered).confidence);
  });

  it('are likened by words as they are stemmed, in scripts without spaces too', () => {
    const passages = [
      { ...jug, nearMisses: ['Does the jug survive microwaves?'] },
      samplePassage('zh#1', '滤水壶', '滤水壶要用手洗。', {
        language: 'zh',
        nearMisses: ['滤水壶能放微波炉吗'],
      }),
    ];
    const index = openIndex(parseIndex(buildIndex(passages)), passages);
    const likeness = (question: string): number =>
      gatherNearMisses(passages).likenessOf(prepareQuery(index, question, []));
    expect(likeness('does a jug survive the microwave')).to.be.greaterThan(0.9);
    expect(likeness('微波炉能放滤水壶吗')).to.be.greaterThan(0.6);
    expect(likeness('how do I wash the jug')).to.be.lessThan(0.5);
    expect(likeness('')).to.equal(0);
    // One word alone is no likeness.
    expect(likeness('microwaves')).to.equal(0);
  });

  it('never change what is found, and by words never make an answer surer', () => {
    const words = ['jug', 'tap', 'microwave', 'wash', 'hole', 'boiling', 'where', 'the', 'plumber', 'dull'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 8 }), (chosen) => {
        const question = chosen.join(' ');
        const [without, having] = [ask([jug, tap], question), ask([missed, tap], question)];
        expect(having.ranked.map(({ passage, score }) => [passage.id, score])).to.deep.equal(
          without.ranked.map(({ passage, score }) => [passage.id, score]),
        );
        expect(having.confidence).to.be.at.most(without.confidence);
      }),
      { numRuns: 60 },
    );
  });

  it('count for nothing where the best passage expects no questions that they could be set against', () => {
    const bare = samplePassage('jug#1', jug.title, jug.text);
    const question = 'can the jug go in the microwave';
    expect(ask([{ ...bare, nearMisses: MISSES }, tap], question).confidence).to.equal(
      ask([bare, tap], question).confidence,
    );
  });

  describe('with an encoder', () => {
    /** Texts that name the same appliance mean nearly the same. */
    const encoder: Encoder = {
      width: 3,
      encode: (text) => {
        const counts = [/microwave|zapping/, /dishwasher|plates/, /./].map((kind) =>
          kind.test(text) ? 1 : 0.1,
        );
        const length = Math.hypot(...counts);
        return Float32Array.from(counts, (count) => count / length);
      },
      dispose: () => undefined,
    };
    const confidence = (passages: readonly Passage[], question: string): number => {
      const vectors = parsePassageVectors(buildPassageVectors(passages, encoder), passages);
      const sense = {
        meaningOf: (asked: string) => meaningOf(vectors, compareInTurn(vectors)(encoder.encode(asked))),
      };
      return loadRetriever(buildIndex(passages), passages, () => sense).search(question).confidence;
    };

    it('make a question doubtful that is nearer to them in meaning, and none that is farther', () => {
      const [withMisses, without] = [
        [missed, tap],
        [jug, tap],
      ];
      expect(confidence(withMisses, 'zapping the jug')).to.be.lessThan(
        confidence(without, 'zapping the jug'),
      );
      const other = 'jug among the plates';
      expect(confidence(withMisses, other)).to.be.at.least(confidence(without, other));
    });

    it('are told apart from the text, and only bundles that have some need a program that knows them', () => {
      const version = (passages: readonly Passage[]): number =>
        new DataView(buildPassageVectors(passages, encoder).buffer).getUint32(4, true);
      expect([version([jug, tap]), version([missed, tap])]).to.deep.equal([1, 2]);
      const vectors = parsePassageVectors(buildPassageVectors([missed, tap], encoder), [missed, tap]);
      const { nearMiss, text } = meaningOf(vectors, compareInTurn(vectors)(encoder.encode('zapping')));
      expect(nearMiss).to.be.greaterThan(0.99);
      expect(text[0]).to.be.lessThan(0.9);
    });
  });
});
