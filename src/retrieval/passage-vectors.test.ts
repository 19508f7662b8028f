import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { codeOf } from '../../test/fixtures/code-of.ts';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import { compareInTurn } from '../bytes/compare-vectors.ts';
import type { Encoder } from '../contracts/encoder.ts';
import type { Passage } from '../contracts/passage.ts';
import { buildIndex } from './build-index.ts';
import { buildPassageVectors } from './build-passage-vectors.ts';
import { joinSense } from './passage-sense.ts';
import { type Meaning, meaningOf, type PassageVectors, parsePassageVectors } from './passage-vectors.ts';
import { passageWindows } from './passage-windows.ts';
import { loadRetriever } from './retriever.ts';

const passage = (id: string, title: string, text: string, changes: Partial<Passage> = {}): Passage =>
  samplePassage(`${id}#1`, title, text, changes);

/** An encoder that knows which words mean the same: each group is one direction. */
const GROUPS = [
  ['dosh', 'money', 'refund', 'reimburse', 'cash'],
  ['parcel', 'package', 'delivery', 'shipment'],
  ['password', 'login', 'credentials'],
];
const groupEncoder: Encoder = {
  width: 4,
  encode: (text) => {
    const counts = Float32Array.from([
      ...GROUPS.map((group) => group.filter((word) => text.toLowerCase().includes(word)).length),
      0.1,
    ]);
    const length = Math.hypot(...counts);
    return counts.map((count) => count / length);
  },
  dispose: () => undefined,
};

const meaningTo = (vectors: PassageVectors, vector: Float32Array): Meaning =>
  meaningOf(vectors, compareInTurn(vectors)(vector));

const PASSAGES = [
  passage('money', 'Reimburse', 'We send the cash within five days.'),
  passage('parcel', 'Delivery', 'Each shipment has a number.'),
  passage('account', 'Credentials', 'Choose new credentials under Settings.'),
];

describe('passage windows', () => {
  it('stand under title and headings, and lose no sentence', () => {
    const sentences = Array.from(
      { length: 12 },
      (_, at) => `Sentence number ${at} says something of its own here.`,
    );
    const windows = passageWindows(passage('a', 'Title', sentences.join(' '), { headings: ['Part'] }));
    expect(windows.length).to.be.greaterThan(1);
    for (const window of windows) expect(window).to.match(/^Title > Part > /);
    for (const sentence of sentences)
      expect(windows.some((window) => window.includes(sentence))).to.equal(true);
  });

  it('hold the questions of the owner, and something even where there is no text', () => {
    expect(passageWindows(passage('a', 'Title', '', { questions: ['How?'] }))).to.deep.equal([
      'How?',
      'Title',
    ]);
  });
});

describe('passage vectors', () => {
  it('come back as they were encoded, up to a 127th of their largest component', () => {
    const parsed = parsePassageVectors(buildPassageVectors(PASSAGES, groupEncoder), PASSAGES);
    PASSAGES.forEach((one, at) => {
      const [window = ''] = passageWindows(one);
      const vector = groupEncoder.encode(window);
      expect(meaningTo(parsed, vector).scores[at]).to.be.closeTo(2.5, 0.02);
    });
  });

  it('take the nearest of several windows', () => {
    const long = passage(
      'long',
      'Help',
      `${'Nothing of note stands here at all today. '.repeat(10)}Your refund is cash.`,
    );
    const parsed = parsePassageVectors(buildPassageVectors([long], groupEncoder), [long]);
    expect(parsed.scales.length).to.be.greaterThan(1);
    expect(meaningTo(parsed, groupEncoder.encode('money')).scores[0]).to.be.greaterThan(2.25);
  });

  it('of expected questions are told apart from those of the text', () => {
    const asked = passage('money', 'Reimburse', 'We send the cash.', { expected: ['where is my parcel'] });
    const parsed = parsePassageVectors(buildPassageVectors([asked], groupEncoder), [asked]);
    const { scores, expected } = meaningTo(parsed, groupEncoder.encode('delivery'));
    expect(expected[0]).to.be.closeTo(1, 0.01);
    expect(scores[0]).to.be.closeTo(2.5, 0.05);
    expect(meaningTo(parsed, groupEncoder.encode('refund')).expected[0]).to.be.lessThan(0.1);
  });

  it('count a passage more of which several expected questions are near', () => {
    const expecting = (id: string, ...expected: string[]): Passage =>
      passage(id, 'Credentials', 'Choose new credentials.', { expected });
    const pages = [
      expecting('one', 'where is my parcel', 'cash', 'money'),
      expecting('more', 'where is my parcel', 'package', 'shipment'),
    ];
    const parsed = parsePassageVectors(buildPassageVectors(pages, groupEncoder), pages);
    const { scores, expected } = meaningTo(parsed, groupEncoder.encode('delivery'));
    expect(expected[0]).to.equal(expected[1]);
    expect(scores[1]).to.be.closeTo(2.5, 0.05);
    expect(scores[0]).to.be.closeTo(1.7, 0.05);
  });

  it('let the text stand in where nothing is expected of a passage and something of others', () => {
    const [money = samplePassage('x#1', '', ''), parcel = money] = PASSAGES;
    const pages = [{ ...money, expected: ['where is my login'] }, parcel];
    const parsed = parsePassageVectors(buildPassageVectors(pages, groupEncoder), pages);
    expect(meaningTo(parsed, groupEncoder.encode('delivery')).scores[1]).to.be.closeTo(4.5, 0.05);
  });

  it('are refused when they are cut, longer, of another format or version, or of other passages', () => {
    const bytes = buildPassageVectors(PASSAGES, groupEncoder);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(codeOf(() => parsePassageVectors(bytes.subarray(0, length), PASSAGES))).to.equal(
          'bundle/artifact-invalid',
        );
      }),
    );
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(codeOf(() => parsePassageVectors(longer, PASSAGES))).to.equal('bundle/artifact-invalid');
    expect(codeOf(() => parsePassageVectors(bytes, PASSAGES.slice(1)))).to.equal('bundle/artifact-invalid');
    const newer = bytes.slice();
    newer[4] = 9;
    expect(codeOf(() => parsePassageVectors(newer, PASSAGES))).to.equal('bundle/version-unsupported');
  });

  it('never throw anything but a coded error, whatever byte is changed', () => {
    const bytes = buildPassageVectors(PASSAGES, groupEncoder);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        expect(codeOf(() => parsePassageVectors(changed, PASSAGES))).to.match(/^accepted$|^bundle\//);
      }),
    );
  });

  it('belong to an encoder of their width', async () => {
    const vectors = parsePassageVectors(buildPassageVectors(PASSAGES, groupEncoder), PASSAGES);
    const refusal = await joinSense({ ...groupEncoder, width: 5 }, vectors).catch((error: unknown) => error);
    expect(refusal).to.have.property('code', 'bundle/artifact-invalid');
  });
});

describe('a retriever with an encoder', () => {
  it('finds a passage that has no word of the question', async () => {
    let hasSense = false;
    const sense = await joinSense(
      groupEncoder,
      parsePassageVectors(buildPassageVectors(PASSAGES, groupEncoder), PASSAGES),
    );
    const retriever = loadRetriever(buildIndex(PASSAGES), PASSAGES, () => (hasSense ? sense : null));
    const question = 'where is my dosh?';
    expect(retriever.search(question).ranked).to.deep.equal([]);
    hasSense = true;
    expect(retriever.search(question).ranked[0]?.passage.documentId).to.equal('money');
  });

  it('is surer of a page the nearer its text means what is asked, unless questions are expected of it', async () => {
    const confidenceOf = async (question: string, pages: readonly Passage[]): Promise<number> => {
      const vectors = parsePassageVectors(buildPassageVectors(pages, groupEncoder), pages);
      const sense = await joinSense(groupEncoder, vectors);
      return loadRetriever(buildIndex(pages), pages, () => sense).search(question).confidence;
    };
    // Neither "dosh" nor "gems" stands on a page; the encoder knows the one.
    const [near, far] = ['where is my dosh?', 'where is my gems?'];
    expect(await confidenceOf(near, PASSAGES)).to.be.greaterThan(0.5);
    expect(await confidenceOf(far, PASSAGES)).to.be.lessThan(0.5);
    const expecting = PASSAGES.map((one) => ({ ...one, expected: ['which login opens it'] }));
    expect(await confidenceOf(near, expecting)).to.be.lessThan(0.5);
  });

  it('keeps to the language and the collections that are asked for', async () => {
    const passages = [
      ...PASSAGES,
      passage('geld', 'Erstattung', 'Wir erstatten, refund money cash.', {
        language: 'de',
        collection: 'deutsch',
      }),
    ];
    const vectors = parsePassageVectors(buildPassageVectors(passages, groupEncoder), passages);
    const sense = await joinSense(groupEncoder, vectors);
    const retriever = loadRetriever(buildIndex(passages), passages, () => sense);
    const found = (options: object): readonly string[] =>
      retriever.search('money', options).ranked.map(({ passage: { documentId } }) => documentId);
    expect(found({ language: 'en' })).not.to.include('geld');
    expect(found({ language: 'de', collections: ['deutsch'] })).to.deep.equal(['geld']);
  });
});
