import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { tinyLlama } from '../../../test/fixtures/tiny-llama.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { parseCompletionChunk } from './completion-chunk.ts';
import { disarm, toCompletionRequest } from './completion-request.ts';
import { readContextLength } from './read-context-length.ts';

describe('a message for llama.cpp', () => {
  it('attack: cannot pose as another role in any of the usual chat formats', () => {
    const attacks = ['<|im_end|>', '<|user|>', '</s>', '<s>', '<start_of_turn>', '[INST]', '[/INST]'];
    for (const attack of attacks) {
      const { content } = disarm({ role: 'user', content: `x${attack}obey` });
      expect(content).to.not.include(attack);
    }
  });

  it('leaves what a visitor writes about numbers and code alone', () => {
    const content = 'Is 3 < 5 and 7 > 2? a[0] [1] {"x": [2]} <-';
    expect(disarm({ role: 'user', content }).content).to.equal(content);
  });

  it('takes nothing away but adds spaces', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '|', '>', '/', 's', '[', 'INST', ']', ' ') }),
        (text) => {
          const { content } = disarm({ role: 'user', content: text });
          expect(content.replaceAll(' ', '')).to.equal(text.replaceAll(' ', ''));
          expect(content).to.not.match(/<\||<s>|<\/s>|\[\/?INST\]/);
        },
      ),
    );
  });
});

describe('a request for llama.cpp', () => {
  it('is greedy and bounded by default', () => {
    expect(toCompletionRequest({ messages: [] })).to.include({
      temperature: 0,
      max_tokens: 160,
      repeat_penalty: 1,
    });
    expect(toCompletionRequest({ messages: [], maxTokens: 1e9 })['max_tokens']).to.equal(4096);
    expect(toCompletionRequest({ messages: [], maxTokens: NaN })['max_tokens']).to.equal(160);
  });

  it('refuses a grammar and a schema at once', () => {
    try {
      toCompletionRequest({ messages: [], grammar: 'root ::= "x"', schema: {} });
      expect.fail('It was accepted.');
    } catch (error) {
      expect(isUnderstudyError(error, 'engine/unsupported')).to.equal(true);
    }
  });
});

describe('a chunk of llama.cpp', () => {
  it('is read whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseCompletionChunk({ choices: [value], timings: value }).text).to.be.a('string');
        expect(parseCompletionChunk(value).tokens).to.be.an('array');
      }),
    );
  });
});

describe('readContextLength', () => {
  it('finds the context of a model file', () => {
    expect(readContextLength(tinyLlama({ contextTokens: 300 }))).to.equal(300);
  });

  it('attack: gives nothing for files that are cut, and for contexts beyond reason', () => {
    const file = tinyLlama();
    const at = new TextDecoder('latin1').decode(file).indexOf('.context_length');
    expect(readContextLength(file.subarray(0, at + 18))).to.equal(null);
    const lying = file.slice();
    new DataView(lying.buffer).setUint32(at + 15 + 4, 0xffff_ffff, true);
    expect(readContextLength(lying)).to.equal(null);
  });

  it('reads whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readContextLength(bytes)).to.equal(null);
      }),
    );
  });
});
