import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { compileGrammar } from './compile-grammar.ts';
import { DEAD, GrammarAutomaton } from './grammar-automaton.ts';
import { GrammarConstraint } from './grammar-constraint.ts';
import { parseGbnf } from './parse-gbnf.ts';
import type { GrammarVocabulary } from './token-trie.ts';

const END = 0;
const CONTROL = 1;
const UNK = 2;
const FIRST_BYTE = 3;
const A = FIRST_BYTE + 97;
const B = FIRST_BYTE + 98;
const Z = FIRST_BYTE + 122;

/** All bytes, longer pieces among which are cut characters, a text twice, long runs, an end and control tokens. */
function makeVocabulary(texts: readonly string[]): GrammarVocabulary {
  const encoder = new TextEncoder();
  const pieces = [
    encoder.encode('</s>'),
    new Uint8Array(0),
    new Uint8Array(0),
    ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
    ...texts.map((text) => encoder.encode(text)),
    encoder.encode('漢字').subarray(0, 4),
    encoder.encode('漢字').subarray(2, 5),
    encoder.encode('a😀').subarray(0, 3),
    encoder.encode('ab'),
    encoder.encode(' '.repeat(300)),
  ];
  return { size: pieces.length, tokenBytes: (token) => pieces[token]!, ends: new Set([END]) };
}

const VOCABULARY = makeVocabulary([
  'ab',
  'abc',
  'b',
  'ba',
  'a b',
  ' a',
  '"',
  '",',
  '","',
  '": "',
  '"a"',
  'x"y',
  '{"',
  '"}',
  '],',
  '[[',
  '12',
  '1,2',
  '漢字',
  'é',
  'aé',
  '\n',
  'a'.repeat(16),
  'a'.repeat(17),
  'a'.repeat(40),
  ' '.repeat(20),
  `${'ab '.repeat(9)}"`,
  '())',
  '((',
]);

const wordsOf = ({ size }: GrammarVocabulary): Uint32Array => new Uint32Array((size + 31) >> 5);
const tokensIn = (mask: Uint32Array, size: number): number[] =>
  Array.from({ length: size }, (_, token) => token).filter(
    (token) => ((mask[token >> 5]! >>> (token & 31)) & 1) === 1,
  );

/** Each token by itself, byte for byte. */
function bruteForce(automaton: GrammarAutomaton, situation: number, vocabulary: GrammarVocabulary): number[] {
  const allowed: number[] = automaton.isComplete(situation) ? [END] : [];
  for (let token = 0; token < vocabulary.size; token += 1) {
    const bytes = vocabulary.tokenBytes(token);
    if (bytes.length === 0 || bytes.length > 254 || token === END) continue;
    let reached = situation;
    for (const byte of bytes) reached = automaton.step(reached, byte);
    if (reached !== DEAD) allowed.push(token);
  }
  return allowed;
}

const GRAMMARS: Readonly<Record<string, string>> = {
  'a choice': 'root ::= "ab" | "abc" | "漢字" | "x"',
  'a string': 'root ::= "\\"" [^"\\n]* "\\""',
  'bounded strings in a bounded list': 'root ::= "\\"" s "\\"" ("," "\\"" s "\\""){0,30}\ns ::= [^"]{3,40}',
  'exact counts': 'root ::= "a"{50} | ("ab "){20} [^a]{20,}',
  'nested counters': 'root ::= (("a"{1,20} "b"){1,18} " "){1,19} "."',
  'words that may end after each letter': 'root ::= (word [ ,])* word "."\nword ::= [a-zé]+',
  recursion:
    'root ::= list\nlist ::= "[" (item ("," item)*)? "]"\nitem ::= list | [0-9]+ | "\\"" [a-z ]{0,20} "\\""',
  ambiguity: 'root ::= (a | b | "ab")* "x"\na ::= "a" "b"? \nb ::= "b"* "a"',
  'right recursion': 'root ::= "(" root? ")" root?',
  anything: 'root ::= .*',
};

describe('GrammarConstraint', () => {
  for (const [name, text] of Object.entries(GRAMMARS))
    it(`allows exactly the tokens that fit one by one: ${name}`, () => {
      const grammar = parseGbnf(text);
      const constraint = new GrammarConstraint(grammar, VOCABULARY);
      const automaton = new GrammarAutomaton(compileGrammar(grammar));
      fc.assert(
        fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (choices) => {
          constraint.restart();
          let situation = automaton.start();
          const mask = wordsOf(VOCABULARY);
          for (const choice of choices) {
            mask.fill(0xffffffff);
            constraint.allow(mask);
            const allowed = tokensIn(mask, VOCABULARY.size);
            expect(allowed).to.deep.equal(bruteForce(automaton, situation, VOCABULARY));
            expect(constraint.isComplete).to.equal(automaton.isComplete(situation));
            expect(allowed.length).to.be.above(0);
            // Longer tokens more often: most are single bytes.
            const long = allowed.filter((token) => VOCABULARY.tokenBytes(token).length > 1 && token !== END);
            const pool = long.length > 0 && choice % 3 > 0 ? long : allowed;
            const token = pool[choice % pool.length]!;
            constraint.accept(token);
            if (token === END) break;
            for (const byte of VOCABULARY.tokenBytes(token)) situation = automaton.step(situation, byte);
          }
        }),
        { numRuns: 25 },
      );
    });

  it('allows the end only when the output is whole, and nothing but the end afterwards', () => {
    const constraint = new GrammarConstraint(parseGbnf('root ::= "ab" "c"?'), VOCABULARY);
    const mask = wordsOf(VOCABULARY);
    constraint.allow(mask);
    expect(tokensIn(mask, VOCABULARY.size)).not.to.include(END);
    expect(constraint.isComplete).to.equal(false);
    constraint.accept(A);
    constraint.accept(B);
    expect(constraint.isComplete).to.equal(true);
    constraint.allow(mask);
    expect(tokensIn(mask, VOCABULARY.size)).to.deep.equal([END, FIRST_BYTE + 99]);
    constraint.accept(END);
    constraint.allow(mask);
    expect(tokensIn(mask, VOCABULARY.size)).to.deep.equal([END]);
    expect(constraint.isComplete).to.equal(true);
  });

  it('never allows control tokens, nor the text of an end token as text', () => {
    const constraint = new GrammarConstraint(parseGbnf('root ::= .*'), VOCABULARY);
    const mask = wordsOf(VOCABULARY);
    constraint.allow(mask);
    const allowed = tokensIn(mask, VOCABULARY.size);
    expect(allowed).not.to.include.members([CONTROL]);
    expect(allowed).not.to.include.members([UNK]);
    expect(allowed).to.include(END);
  });

  it('never lets broken UTF-8 through', () => {
    const constraint = new GrammarConstraint(parseGbnf('root ::= .*'), VOCABULARY);
    const mask = wordsOf(VOCABULARY);
    const allows = (byte: number): boolean => {
      constraint.allow(mask);
      return tokensIn(mask, VOCABULARY.size).includes(FIRST_BYTE + byte);
    };
    for (const byte of [0x80, 0xc0, 0xc1, 0xf5, 0xff]) expect(allows(byte)).to.equal(false);
    constraint.accept(FIRST_BYTE + 0xed);
    // ED A0 … would be half of a surrogate pair.
    expect([allows(0x9f), allows(0xa0), allows(0x41)]).to.deep.equal([true, false, false]);
    expect(constraint.isComplete).to.equal(false);
  });

  it('stands where it stood when a token does not fit', () => {
    const constraint = new GrammarConstraint(parseGbnf('root ::= "ab"'), VOCABULARY);
    for (const token of [END, CONTROL, FIRST_BYTE + 120, -1, 1e9, 0.5, NaN]) {
      let code = '';
      try {
        constraint.accept(token);
      } catch (error) {
        code = isUnderstudyError(error) ? error.code : String(error);
      }
      expect(code, String(token)).to.equal('engine/failed');
    }
    constraint.accept(A);
    constraint.accept(B);
    expect(constraint.isComplete).to.equal(true);
  });

  it('goes on over very long outputs whose every step is new', () => {
    const constraint = new GrammarConstraint(parseGbnf('root ::= ("a"{1,3} [b-y]){6000} "z"'), VOCABULARY);
    const mask = wordsOf(VOCABULARY);
    for (let at = 0; at < 6000; at += 1) {
      if (at % 500 === 0) {
        constraint.allow(mask);
        const allowed = tokensIn(mask, VOCABULARY.size);
        expect(allowed).to.include(A).and.not.to.include.members([Z]);
      }
      constraint.accept(A);
      constraint.accept(B);
    }
    constraint.allow(mask);
    expect(tokensIn(mask, VOCABULARY.size)).to.deep.equal([Z]);
  });
});
