import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { StopScanner } from './stop-scanner.ts';

/** Feeds pieces and gives back all that comes out. */
function scan(stops: readonly string[], pieces: readonly string[]): { text: string; isStopped: boolean } {
  const scanner = new StopScanner(stops);
  const text = pieces.map((piece) => scanner.push(piece)).join('') + scanner.flush();
  return { text, isStopped: scanner.isStopped };
}

describe('StopScanner', () => {
  it('cuts at a stop text that comes in pieces', () => {
    expect(scan(['<end>'], ['one <', 'en', 'd> two'])).to.deep.equal({ text: 'one ', isStopped: true });
  });

  it('gives back at the end what only began like a stop text', () => {
    expect(scan(['<end>'], ['a <en'])).to.deep.equal({ text: 'a <en', isStopped: false });
  });

  it('passes text on at once when it cannot begin a stop text', () => {
    expect(new StopScanner(['\n\n']).push('a word')).to.equal('a word');
  });

  it('is independent of how the text is cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 });
    const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 3 }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(text, stops, (whole, list) => {
        const at = list.filter((stop) => stop !== '').map((stop) => whole.indexOf(stop));
        const first = at.filter((index) => index >= 0);
        const byLetter = scan(list, Array.from(whole));
        expect(byLetter.isStopped).to.equal(first.length > 0);
        if (first.length === 0) expect(byLetter.text).to.equal(whole);
        else expect(whole.startsWith(byLetter.text)).to.equal(true);
      }),
    );
  });
});
