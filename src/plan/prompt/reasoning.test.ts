import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { ReasoningFilter, splitReasoning } from './reasoning.ts';

function filtered(text: string, at: readonly number[]): string {
  const filter = new ReasoningFilter();
  let said = '';
  let from = 0;
  for (const position of [...at].sort((left, right) => left - right)) {
    said += filter.push(text.slice(from, position));
    from = Math.max(from, position);
  }
  return said + filter.push(text.slice(from)) + filter.finish();
}

describe('splitReasoning', () => {
  it('takes thoughts out, wherever they stand and however they are written', () => {
    expect(splitReasoning('<think>a</think>\n\nYes.')).to.deep.equal({ text: 'Yes.', reasoning: 'a' });
    expect(splitReasoning('One<THINK mood="x">a</Think> two<think> b </think>.')).to.deep.equal({
      text: 'One two.',
      reasoning: 'a\nb',
    });
  });

  it('takes a thought that was never closed to the end', () => {
    expect(splitReasoning('Yes. <think>but')).to.deep.equal({ text: 'Yes.', reasoning: 'but' });
  });

  it('sees no tag in what stands before a thought and behind it', () => {
    const torn = '<th<think>a</think>ink> Yes.';
    expect(splitReasoning(torn)).to.deep.equal({ text: '<think> Yes.', reasoning: 'a' });
    expect(filtered(torn, [2, 9])).to.equal('<think> Yes.');
  });

  it('leaves other tags alone', () => {
    expect(splitReasoning('a < b, <thinker>, <b>').text).to.equal('a < b, <thinker>, <b>');
  });
});

describe('ReasoningFilter', () => {
  it('says the same as the whole text split, wherever the text is cut', () => {
    const pieces = [
      '<think>',
      '</think>',
      '<think x="1">',
      '<',
      'th',
      'ink>',
      'word ',
      'a<b',
      '\n',
      '>',
      '</',
    ];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((list) => list.join(''));
    const squeezed = (said: string): string => said.replaceAll(/\s/g, '');
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 6 }), (whole, at) => {
        const inside = at.map((position) => Math.min(position, whole.length));
        expect(filtered(whole, inside)).to.equal(filtered(whole, []));
        // A closing tag without an opening one stays in both.
        if (!/<\/think>/i.test(splitReasoning(whole).text))
          expect(squeezed(filtered(whole, inside))).to.equal(squeezed(splitReasoning(whole).text));
      }),
    );
  });
});
