import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { StatementStream } from './statement-stream.ts';

function cut(text: string, at: readonly number[] = []): string[] {
  const stream = new StatementStream();
  const pieces: string[] = [];
  let from = 0;
  for (const position of [...at, text.length]) {
    pieces.push(text.slice(from, position));
    from = position;
  }
  const statements = pieces.flatMap((piece) => stream.push(piece));
  return [...statements, ...stream.finish()].map(({ text: said, cites }) => `${said}|${cites.join(',')}`);
}

describe('StatementStream', () => {
  it('keeps the marks after a sentence end with their sentence', () => {
    expect(cut('It costs £5. [1] It takes two days [2]. Call us.')).to.deep.equal([
      'It costs £5.|1',
      'It takes two days.|2',
      'Call us.|',
    ]);
  });

  it('does not cut a decimal number', () => {
    expect(cut('It weighs 3.5 kg.')).to.deep.equal(['It weighs 3.5 kg.|']);
  });

  it('cuts Chinese sentences, which no space separates', () => {
    expect(cut('退货期为30天 [1]。请保留包装 [2]。')).to.deep.equal(['退货期为30天。|1', '请保留包装。|2']);
  });

  it('cuts at line breaks', () => {
    expect(cut('1. Open the lid [1]\n2. Press [1]')).to.deep.equal(['1. Open the lid|1', '2. Press|1']);
  });

  it('gives the same statements however the text arrives', () => {
    const text = 'You can return it within 30 days [1]. The cost is £4.50. [2] 请保留包装 [1]。完成。';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (positions) => {
        const at = [...positions].sort((a, b) => a - b);
        expect(cut(text, at)).to.deep.equal(cut(text));
      }),
    );
  });
});
