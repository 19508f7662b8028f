import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { IntentDefinition } from '../contracts/intent.ts';
import type { SlotName } from '../contracts/slot.ts';
import { plainText } from '../text/plain-text.ts';
import { answerOf } from './fill-slots.ts';

function intent(answer: string, ...slots: readonly SlotName[]): IntentDefinition {
  return { id: 'late', name: 'Late', action: 'answer', answer: { en: answer }, suggestions: {}, slots };
}

describe('answerOf', () => {
  it('shows what the visitor wrote, or the words in its stead', () => {
    const late = intent('We look for {order|your order}{date|}.', 'order', 'date');
    expect(answerOf(late, { order: 'FB-123456' }, 'en')).to.equal('We look for FB-123456.');
    expect(answerOf(late, {}, 'en')).to.equal('We look for your order.');
  });

  it('leaves braces alone that are no places', () => {
    expect(answerOf(intent('Type {order} or {a|b}.'), { order: '1' }, 'en')).to.equal(
      'Type {order} or {a|b}.',
    );
    expect(answerOf(intent('Type { } or {X}.', 'order'), {}, 'en')).to.equal('Type { } or {X}.');
  });

  it('says the words in the stead of a slot that only newer releases know', () => {
    expect(answerOf(intent('At {address|your place}.', 'order'), {}, 'en')).to.equal('At your place.');
  });

  it('shows what was written as text, whatever Markdown or HTML it looks like', () => {
    const late = intent('{order|x}', 'order');
    expect(answerOf(late, { order: '[a](https://b.example)' }, 'en')).to.equal('\\[a\\](https://b.example)');
    expect(answerOf(late, { order: '3. March' }, 'en')).to.equal('3\\. March');
    expect(answerOf(late, { order: '# a\n\n- b' }, 'en')).to.equal('\\# a - b');
    expect(answerOf(late, { order: '{order|y}$&<b>' }, 'en')).to.equal('\\{order\\|y\\}$&\\<b\\>');
  });

  it('keeps every character of what was written, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (written) => {
        const said = answerOf(intent('a {order|x}', 'order'), { order: written }, 'en');
        expect(said).not.to.match(/[\n\r]/);
        expect(said.replaceAll('\\', '')).to.equal(`a ${written.replace(/\s+/g, ' ')}`.replaceAll('\\', ''));
        expect(said).not.to.match(/(?<!\\)(?:\\\\)*[`*_[<|]/);
      }),
    );
    expect(plainText(answerOf(intent('{email|x}', 'email'), { email: 'a_b_c@d.example' }, 'en'))).to.equal(
      'a_b_c@d.example',
    );
  });
});
