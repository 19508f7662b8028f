import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { QuoteConstraint } from './quote-constraint.ts';

const END = 0;
/** One token a character. */
const tokenizer = {
  encode: (text: string): number[] => Array.from(text, (letter) => letter.codePointAt(0) ?? 1),
  decode: (tokens: readonly number[]): string => String.fromCodePoint(...tokens),
};
const QUOTES = [
  'You can return the jug within 30 days, even if it was used. Keep the box until then.',
  'The tap can be returned within 60 days.',
];

function tokensOf(mask: Uint32Array): number[] {
  return [...mask].flatMap((word, at) =>
    word === 0
      ? []
      : Array.from({ length: 32 }, (_, bit) => bit)
          .filter((bit) => ((word >>> bit) & 1) === 1)
          .map((bit) => at * 32 + bit),
  );
}

/** Writes with a constraint; `choose` picks among the allowed tokens. */
function write(
  quotes: readonly string[],
  choose: (allowed: readonly number[]) => number,
  openings?: readonly string[],
): string {
  const constraint = new QuoteConstraint(quotes, tokenizer, openings);
  const output: number[] = [];
  const mask = new Uint32Array(0x10000 / 32).fill(0xffff_ffff);
  for (let count = 0; count < 1000; count += 1) {
    constraint.allow(mask);
    const allowed = tokensOf(mask);
    const token = choose(constraint.isComplete ? [...allowed, END] : allowed);
    if (token === END) break;
    constraint.accept(token);
    output.push(token);
  }
  return tokenizer.decode(output);
}
const preferring =
  (wish: string) =>
  (allowed: readonly number[]): number =>
    allowed.find((token) => wish.includes(String.fromCodePoint(token))) ?? allowed[0] ?? END;

describe('QuoteConstraint', () => {
  it('ends a statement at a clause, with its mark', () => {
    expect(write(QUOTES, preferring('Y ['))).to.match(/^You can return the jug within 30 days \[1\]\./);
  });

  it('lets a sentence go on to its end', () => {
    expect(write(QUOTES, preferring('Y,'))).to.match(
      /^You can return the jug within 30 days, even if it was used \[1\]\./,
    );
  });

  it('begins with the first text and says a sentence once', () => {
    const text = write(QUOTES, (allowed) => allowed.find((token) => token !== END) ?? END);
    expect(text).to.match(/\[1\]\..+\[[12]\]\.$/);
    const statements = text.split(/\[\d\]\./).map((statement) => statement.trim());
    expect(new Set(statements).size).to.equal(statements.length);
  });

  it('does not end a statement after a condition', () => {
    const quote = 'The white light means nothing; if it blinks, the monitor has lost your account.';
    expect(write([quote], preferring('T '))).to.match(/^The white light means nothing \[1\]\./);
    expect(write([quote], preferring('T;,'))).to.match(/account \[1\]\.$/);
  });

  it('does not end a statement within a number or a time', () => {
    for (const quote of [
      'Refunds of up to £1,000 are paid by card.',
      'We answer from 9:00 to 14:30 on weekdays.',
      'Delivery takes about 3–5 working days here.',
    ])
      expect(write([quote], preferring('R [')).replace(/ \[1\]\.$/, '.'), quote).to.equal(quote);
  });

  it('begins with an opening, and goes on with any sentence', () => {
    const text = write(QUOTES, preferring('KT'), ['Keep the box until then.']);
    expect(text).to.match(/^Keep the box until then \[1\]\./);
    expect(write(QUOTES, preferring('Y'), ['Keep the box until then.'])).to.match(
      /^Keep .*\[1\]\. You can return/,
    );
  });

  it('says all openings in their order before it may end', () => {
    const both = ['Keep the box until then.', 'You can return the jug within 30 days, even if it was used.'];
    const text = write([...QUOTES], (allowed) => (allowed.includes(END) ? END : (allowed[0] ?? END)), both);
    expect(text).to.match(/^You can .*\[1\]\. Keep the box until then \[1\]\.$/);
  });

  it('begins with any sentence where it has none of the openings', () => {
    expect(write(QUOTES, preferring('Y,'), ['Something else.'])).to.match(/^You can return/);
  });

  it('is empty when there is no sentence to quote', () => {
    expect(new QuoteConstraint(['Yes.', ''], tokenizer).isEmpty).to.be.true;
  });

  it('writes nothing but sentences of the texts, whatever the model prefers', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(50)), (choices) => {
        const text = write(
          QUOTES,
          (allowed) => allowed[(choices.next().value as number) % allowed.length] ?? END,
        );
        for (const statement of text.split(/ \[\d\]\.\s*/)) {
          expect(QUOTES.some((quote) => quote.includes(statement.trim()))).to.be.true;
        }
      }),
    );
  });
});
