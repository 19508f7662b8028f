import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { RepetitionWatch } from './repetition-watch.ts';

function pieces(text: string, size: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

/** Number of characters after which a loop was seen; -1 = none was. */
function seenAfter(text: string, size = 3): number {
  const watch = new RepetitionWatch();
  let length = 0;
  for (const piece of pieces(text, size)) {
    length += piece.length;
    if (watch.push(piece)) return length;
  }
  return -1;
}

describe('RepetitionWatch', () => {
  it('sees one word without end within six of them', () => {
    expect(seenAfter('The tap is blue. ' + 'water '.repeat(50))).to.be.within(1, 17 + 6 * 6 + 3);
  });

  it('sees a sentence that comes a third time', () => {
    const sentence = 'Please ask our team about it. ';
    expect(seenAfter(sentence.repeat(2))).to.equal(-1);
    expect(seenAfter(sentence.repeat(10))).to.be.within(1, 30 * 3 + 3);
  });

  it('sees one letter without end', () => {
    expect(seenAfter('a'.repeat(100))).to.be.within(1, 30);
    expect(seenAfter('好'.repeat(100))).to.be.within(1, 30);
  });

  it('leaves rules, rows of tables and dots alone until they are without end', () => {
    expect(seenAfter('| a | b | c | d |\n| --- | --- | --- | --- | --- | --- | --- |\n')).to.equal(-1);
    expect(seenAfter('-'.repeat(100))).to.equal(-1);
    expect(seenAfter('.'.repeat(1000))).to.be.above(0);
  });

  it('leaves a list alone whose items begin alike', () => {
    const list = ['red', 'green', 'blue', 'white', 'black', 'grey'].map((color) => `- The ${color} jug\n`);
    expect(seenAfter(list.join(''))).to.equal(-1);
  });

  it('sees every loop of letters that goes on, whatever came before', () => {
    const unit = fc.stringMatching(/^[a-z ,.]{0,40}[a-z][a-z ,.]{0,38}$/);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        unit,
        fc.integer({ min: 1, max: 9 }),
        (before, loop, size) => {
          expect(seenAfter(before + loop.repeat(Math.ceil(480 / loop.length)), size)).to.be.above(0);
        },
      ),
    );
  });
});
