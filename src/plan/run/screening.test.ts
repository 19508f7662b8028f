import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { JsonObject } from '../../contracts/json.ts';
import type { Plan } from '../../contracts/plan.ts';
import { answer, planOf, runScripted, step, writes } from '../scripted-plan.ts';
import { ModeratedText } from './moderated-text.ts';
import { splitsAfter } from './sentence-end.ts';

const asking = (given: JsonObject): Plan =>
  planOf(
    [
      step('start', 'start', { to: ['llm'] }),
      step('llm', 'llm', { to: ['answer'] }),
      answer('answer', '{llm.text}'),
    ],
    given,
  );
const moderation = {
  keywords: ['gadget pro', '价格'],
  onInput: 'We do not talk about this.',
  onOutput: 'Ask us.',
};

describe('what happens before and after a plan', () => {
  it('answers a message with a keyword by the words of the owner, and no step runs', async () => {
    for (const turn of [
      { text: 'How much is the GADGET Pro?' },
      { text: 'Hi', inputs: { product: { name: 'gadget pro max' } } },
      { text: '请问价格是多少？' },
    ]) {
      const { text, told, outcome } = await runScripted(asking({ moderation }), { turn });
      expect(text).to.equal('We do not talk about this.');
      expect(told).to.deep.equal([]);
      expect(outcome.isRefusal).to.equal(true);
    }
  });

  it('answers the question of an annotation word for word, whatever its case, spaces and mark', async () => {
    const annotations = [
      { question: 'How long is the warranty?', answer: 'Two years.' },
      { question: '保修多久？', answer: '两年。' },
    ];
    for (const [asked, said] of [
      ['how LONG is the  warranty', 'Two years.'],
      ['How long is the warranty?!', 'Two years.'],
      ['保修多久', '两年。'],
    ] as const) {
      const { text, told, outcome } = await runScripted(asking({ annotations }), { turn: { text: asked } });
      expect(text).to.equal(said);
      expect(told).to.deep.equal([]);
      expect(outcome).to.include({ isRefusal: false, confidence: 1 });
    }
    const script = { llm: writes('no') };
    const other = await runScripted(asking({ annotations }), { turn: { text: 'How long?' }, script });
    expect(other.text).to.equal('no');
  });

  it('looks at keywords before annotations', async () => {
    const annotations = [{ question: 'gadget pro', answer: 'Nice.' }];
    const { text } = await runScripted(asking({ annotations, moderation }), { turn: { text: 'gadget pro' } });
    expect(text).to.equal('We do not talk about this.');
  });

  it('shows an answer sentence by sentence, and stops before the one that holds a keyword', async () => {
    const script = { llm: writes('It costs ', '10. See also', ' our Gadget', ' Pro line. More.') };
    const { text, outcome, parts } = await runScripted(asking({ moderation }), { script });
    expect(text).to.equal('It costs 10.\n\nAsk us.');
    expect(outcome).to.include({ isRefusal: true });
    expect(parts.at(-1)?.type).to.equal('end');
  });

  it('shows the whole of an answer that holds none', async () => {
    const script = { llm: writes('One. ', 'Two 3.', '14. Three') };
    const { text } = await runScripted(asking({ moderation }), { script });
    expect(text).to.equal('One. Two 3.14. Three');
  });

  it('shows no citations where the owner wants none, and gives those that clash a number of their own', async () => {
    const citation = (index: number, passageId: string) => ({
      type: 'citation' as const,
      citation: { index, passageId, title: 't', headings: [], url: null, snippet: '' },
    });
    const llm = async function* () {
      yield citation(1, 'a');
      yield citation(1, 'b');
      yield citation(2, 'b');
      yield citation(3, 'c');
      return { when: 'default', outputs: { text: 'ok' } };
    };
    const { parts } = await runScripted(asking({}), { script: { llm } });
    const told = parts.map((part) =>
      part.type === 'citation' ? `${String(part.citation.index)}${String(part.citation.passageId)}` : '',
    );
    expect(told.filter((one) => one !== '')).to.deep.equal(['1a', '2b', '3c']);
    const none = await runScripted(asking({ showsCitations: false }), { script: { llm } });
    expect(none.parts.some(({ type }) => type === 'citation')).to.equal(false);
  });
});

describe('ModeratedText', () => {
  it('never lets a keyword through, and gives all of a text that holds none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '.', ' ', '\n', 'B') }), { maxLength: 12 }),
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '.', ' '), minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 3,
        }),
        (pieces, keywords) => {
          const text = new ModeratedText(keywords);
          const whole = pieces.join('');
          let shown = '';
          for (const piece of pieces) {
            const free = text.take(piece);
            if (free === null) {
              expect(keywords.some((keyword) => whole.toLowerCase().includes(keyword))).to.equal(true);
              expect(keywords.some((keyword) => shown.toLowerCase().includes(keyword))).to.equal(false);
              return;
            }
            shown += free;
          }
          expect(shown + text.rest()).to.equal(whole);
          expect(keywords.some((keyword) => whole.toLowerCase().includes(keyword))).to.equal(false);
        },
      ),
    );
  });
});

describe('splitsAfter', () => {
  it('finds the end of the last sentence', () => {
    expect(splitsAfter('One. Two! Three', 15)).to.equal(9);
    expect(splitsAfter('One. Two! Three', 8)).to.equal(4);
    expect(splitsAfter('Pi is 3.', 8)).to.equal(0);
    expect(splitsAfter('你好。再见', 5)).to.equal(3);
    expect(splitsAfter('- a\n- b', 7)).to.equal(4);
  });
});
