import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { GoldenTokenizer } from '../../../test/fixtures/golden-tokenizers.ts';
import { GOLDEN_TEXTS, GOLDEN_TOKENIZERS } from '../../../test/fixtures/golden-tokenizers.ts';
import { concatBytes } from '../../bytes/concat-bytes.ts';
import { openGguf } from '../gguf/gguf-file.ts';
import type { WrittenValue } from '../gguf/write-gguf.ts';
import { writeGguf } from '../gguf/write-gguf.ts';
import { createTokenizer } from './create-tokenizer.ts';
import type { Tokenizer } from './tokenizer.ts';

const words = (list: string, separator = ' '): string[] => (list === '' ? [] : list.split(separator));

function tokenizerOf(golden: GoldenTokenizer, more: Readonly<Record<string, WrittenValue>> = {}): Tokenizer {
  const { kind, pre, tokens, types, merges, scores } = golden;
  const values: Record<string, WrittenValue> = {
    model: kind,
    tokens: { strings: words(tokens) },
    token_type: { i32s: Array.from(types, Number) },
    ...(pre === '' ? {} : { pre, merges: { strings: words(merges, '\n') } }),
    ...(scores === '' ? {} : { scores: { f32s: words(scores).map(Number) } }),
    ...more,
  };
  const named = Object.entries(values).map(([key, value]) => [`tokenizer.ggml.${key}`, value] as const);
  return createTokenizer(openGguf(writeGguf(named, [])).metadata);
}

const golden = (name: string): GoldenTokenizer => GOLDEN_TOKENIZERS.find((item) => item.name === name)!;
const wellFormed = fc.string({ unit: 'binary', maxLength: 60 });

for (const item of GOLDEN_TOKENIZERS) {
  describe(`the tokenizer ${item.name}`, () => {
    const tokenizer = tokenizerOf(item);

    it('gives the ids that its own library gives', () => {
      for (const [index, text] of GOLDEN_TEXTS.entries()) {
        expect(tokenizer.encode(text).join(' '), JSON.stringify(text)).to.equal(item.ids[index]);
      }
    });

    it('gives ids of its vocabulary alone, for broken text too', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (left, right) => {
          for (const token of tokenizer.encode(`${left}\ud83d${right}\udc00`)) {
            expect(token).to.be.within(0, tokenizer.vocabularySize - 1);
          }
        }),
      );
    });

    it('takes its time in proportion to hostile text: no spaces, one letter, one space', () => {
      for (const text of [
        'ab'.repeat(50_000),
        'e'.repeat(100_000),
        ' '.repeat(100_000),
        '替'.repeat(50_000),
      ]) {
        expect(tokenizer.encode(text).length).to.be.most(text.length * 4);
      }
    });

    if (item.kind === 'bert') return;

    it('gives text back unchanged, as bytes of tokens and as a whole', () => {
      const before = item.kind === 'llama' ? ' ' : '';
      fc.assert(
        fc.property(fc.oneof(wellFormed, fc.constantFrom(...GOLDEN_TEXTS)), (text) => {
          // An own word for a space in the vocabulary is the one thing SentencePiece does not give back.
          fc.pre(!text.includes('\u2581') || before === '');
          const tokens = tokenizer.encode(text);
          expect(tokenizer.decode(tokens)).to.equal(text);
          const bytes = concatBytes(tokens.map((token) => tokenizer.tokenBytes(token)));
          expect(bytes).to.deep.equal(new TextEncoder().encode(text === '' ? '' : before + text));
        }),
      );
    });
  });
}

describe('createTokenizer', () => {
  it('takes texts of control tokens for the tokens only when asked to', () => {
    const tokenizer = tokenizerOf(golden('gpt-2'));
    expect(tokenizer.encode('<|endoftext|>', { special: true })).to.deep.equal([0]);
    expect(tokenizer.encode('<|endoftext|>')).not.to.include(0);
    expect(tokenizer.tokenBytes(0).length).to.equal(0);
    expect(tokenizer.isControl(0)).to.equal(true);
  });

  it('knows the tokens that end an answer by their texts, where the file names none', () => {
    expect([...tokenizerOf(golden('gpt-2')).special.ends]).to.deep.equal([0]);
  });

  it('frames a text as the model wants it', () => {
    const text = 'e';
    const bert = tokenizerOf(golden('bert, uncased'));
    expect(bert.encode(text, { frame: true })).to.deep.equal([2, ...bert.encode(text), 3]);
    const llama = tokenizerOf(golden('llama'));
    expect(llama.encode(text, { frame: true })).to.deep.equal([1, ...llama.encode(text)]);
    const ended = tokenizerOf(golden('llama'), { add_bos_token: false, add_eos_token: true });
    expect(ended.encode(text, { frame: true })).to.deep.equal([...llama.encode(text), 2]);
  });

  it('takes a control token for one when the file calls it a common one', () => {
    const { tokens, types } = golden('gpt-2');
    const changed = { ...golden('gpt-2'), tokens: `${tokens} <|im_end|>`, types: `4${types.slice(1)}4` };
    const tokenizer = tokenizerOf(changed);
    const last = tokenizer.vocabularySize - 1;
    expect(tokenizer.special.ends.has(last)).to.equal(true);
    expect(tokenizer.encode('<|im_end|>')).not.to.include(last);
  });

  it('finds texts that the authors added, such as runs of letters, in plain text', () => {
    const { tokens, types } = golden('gpt-2');
    const tokenizer = tokenizerOf({ ...golden('gpt-2'), tokens: `${tokens} ~~~~`, types: `${types}4` });
    const last = tokenizer.vocabularySize - 1;
    expect(tokenizer.encode('a~~~~b').filter((token) => token === last).length).to.equal(1);
    expect(tokenizer.decode(tokenizer.encode('a~~~~b'))).to.equal('a~~~~b');
  });

  it('never meets a merge of texts that are no tokens, or that makes none', () => {
    const bpe = golden('gpt-2');
    const text = 'the theatre, a\u0100 bb';
    const wanted = tokenizerOf(bpe).encode(text);
    for (const merge of ['a \u0100\u0100', 'a \u0100', '\u0100\u0100 b']) {
      expect(tokenizerOf({ ...bpe, merges: `${merge}\n${bpe.merges}` }).encode(text)).to.deep.equal(wanted);
    }
  });

  it('takes the first of two merges of equal texts', () => {
    const bpe = golden('gpt-2');
    const [first = '', ...rest] = bpe.merges.split('\n');
    const text = 'the theatre in the other theme';
    const twice = { ...bpe, merges: [first, ...rest, first].join('\n') };
    expect(tokenizerOf(twice).encode(text)).to.deep.equal(tokenizerOf(bpe).encode(text));
  });

  it('refuses with words what it does not read', () => {
    const bpe = golden('gpt-2');
    for (const [more, expected] of [
      [{ model: 't5' }, /kind "t5"; read are gpt2, llama and bert/],
      [{ pre: 'of-tomorrow' }, /cuts text as "of-tomorrow"; known are/],
      [{ tokens: { strings: [] }, token_type: { i32s: [] } }, /has 0 tokens/],
      [{ token_type: { i32s: [1] } }, /"tokenizer.ggml.token_type" has 1 values/],
      [{ merges: { strings: ['a'] } }, /Merge 0 of the tokenizer, "a", is no two texts/],
      [{ merges: { strings: ['a '] } }, /is no two texts/],
      [{ eos_token_id: { u32: 1_000_000 } }, /eos_token_id" is 1000000/],
      [{ model: 'llama' }, /scores" is missing/],
      [{ model: 'bert' }, /lacks one of/],
    ] as const) {
      expect(() => tokenizerOf(bpe, more)).to.throw(expected);
    }
  });
});
