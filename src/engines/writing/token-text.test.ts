import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { TokenText } from './token-text.ts';

/** Tokens of this test are bytes. */
const decode = (tokens: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(tokens));

/** Whether a text has no sign of broken bytes itself. */
const isIntact = (text: string): boolean => !text.includes('\uFFFD');

describe('TokenText', () => {
  it('waits until a character is complete', () => {
    const text = new TokenText(decode);
    const [first = 0, second = 0, third = 0] = new TextEncoder().encode('中');
    expect([text.push(first), text.push(second), text.push(third)]).to.deep.equal(['', '', '中']);
  });

  it('does not wait for ever on broken bytes', () => {
    const text = new TokenText(decode);
    expect([0xff, 0xff, 0xff, 0xff].map((byte) => text.push(byte)).join('')).to.equal('\uFFFD'.repeat(4));
  });

  it('leaves out a character that never became complete', () => {
    const text = new TokenText(decode);
    text.push(0xe4);
    expect(text.flush()).to.equal('');
  });

  it('gives back every text unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }).filter(isIntact), (whole) => {
        const text = new TokenText(decode);
        const bytes = [...new TextEncoder().encode(whole)];
        expect(bytes.map((byte) => text.push(byte)).join('') + text.flush()).to.equal(whole);
      }),
    );
  });
});
