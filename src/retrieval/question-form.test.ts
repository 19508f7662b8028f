import { expect } from '@open-wc/testing';
import { normalizeText } from '../text/normalize-text.ts';
import { blockSuits, holdsAnswer } from './answer-kinds.ts';
import { questionForm } from './question-form.ts';

describe('questionForm', () => {
  const kindOf = (question: string): string | null => questionForm(normalizeText(question))?.kind ?? null;

  it('tells what kind of span answers an English question', () => {
    expect(kindOf('How long may I keep it?')).to.equal('duration');
    expect(kindOf('How many days until it is here?')).to.equal('duration');
    expect(kindOf('How much is postage?')).to.equal('price');
    expect(kindOf('How much water does it hold?')).to.equal('quantity');
    expect(kindOf('When do you close?')).to.equal('time');
    expect(kindOf('Where is the serial number?')).to.equal('place');
    expect(kindOf('How do I reach you?')).to.equal('contact');
    expect(kindOf('How do I take the lid off?')).to.equal('steps');
    expect(kindOf('Can I drink it?')).to.equal('verdict');
    expect(kindOf('Why is it slow?')).to.equal('cause');
    expect(kindOf('Which sizes are there?')).to.equal('choice');
    expect(kindOf('broken lid')).to.equal(null);
  });

  it('tells it of a few words as they are typed into a search field', () => {
    expect(kindOf('shipping cost?')).to.equal('price');
    expect(kindOf('price of the large filter')).to.equal('price');
    expect(kindOf('delivery times abroad')).to.equal('duration');
    expect(kindOf('how fast is the repair')).to.equal('duration');
    expect(kindOf('how else can I get hold of you')).to.equal('contact');
    expect(kindOf('how do I get hold of a spare lid')).to.equal('steps');
    // Not every word that is also a price asks for one.
    expect(kindOf('battery charges slowly')).to.equal(null);
  });

  it('tells it of a Chinese question and takes the form out', () => {
    expect(questionForm('邮费多少钱')).to.include({ kind: 'price', rest: '邮费 ' });
    expect(kindOf('几天之内可以换')).to.equal('duration');
    expect(kindOf('什么时候开门')).to.equal('time');
    expect(kindOf('在哪里买')).to.equal('place');
    expect(kindOf('怎么拆')).to.equal('steps');
    expect(kindOf('能不能洗')).to.equal('verdict');
    expect(kindOf('为什么慢')).to.equal('cause');
  });
});

describe('holdsAnswer', () => {
  it('finds the spans that a form asks for', () => {
    expect(holdsAnswer('duration', 'You have 14 days.')).to.equal(true);
    expect(holdsAnswer('duration', '3–5 个工作日')).to.equal(true);
    expect(holdsAnswer('duration', 'Model 14 is here.')).to.equal(false);
    expect(holdsAnswer('price', 'The label costs £2.95.')).to.equal(true);
    expect(holdsAnswer('price', 'It takes 3 days.')).to.equal(false);
    expect(holdsAnswer('contact', 'Write to a@shop.example.')).to.equal(true);
    expect(holdsAnswer('verdict', '不支持这种方式。')).to.equal(true);
  });

  it('leaves steps and choices to blocks', () => {
    expect(holdsAnswer('steps', '1. Press the button.')).to.equal(false);
    expect(blockSuits('steps', { kind: 'list', isOrdered: true })).to.equal(1);
    expect(blockSuits('steps', { kind: 'table' })).to.equal(0);
  });
});
