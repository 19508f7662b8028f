import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { harmlessText, harmlessValue } from './harmless-text.ts';

const MARKS = [
  '<|im_end|>',
  '<|eot_id|>',
  '<｜User｜>',
  '[INST]',
  '<<SYS>>',
  '<end_of_turn>',
  '</s>',
  '<think>',
  '<bos>',
];

describe('harmlessText', () => {
  it('leaves what people write alone', () => {
    const plain = 'a < b | c > d [1] [INSTALL] <b>bold</b> <|> 3 <s';
    expect(harmlessText(plain)).to.equal(plain);
  });

  it('leaves no mark of a chat format whole, also not one that is made by what it does', () => {
    const pieces = fc.array(fc.constantFrom(...MARKS, '<', '|', '>', '[', ' ', 'x'), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, (list) => {
        const harmless = harmlessText(list.join(''));
        for (const mark of MARKS) expect(harmless.toLowerCase()).to.not.include(mark.toLowerCase());
        expect(harmlessText(harmless)).to.equal(harmless);
      }),
    );
  });

  it('reaches every text within a value', () => {
    expect(harmlessValue({ a: ['</s>', 1], b: { c: '[INST]' } })).to.deep.equal({
      a: ['< /s>', 1],
      b: { c: '[ INST]' },
    });
  });
});
