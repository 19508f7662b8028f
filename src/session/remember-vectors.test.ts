import { expect } from '@open-wc/testing';
import { rememberVectors } from './remember-vectors.ts';

describe('an encoder that remembers', () => {
  const asked: string[] = [];
  const encoder = {
    width: 1,
    encode(text: string): Float32Array {
      asked.push(text);
      return Float32Array.of(text.length);
    },
  };

  it('computes the vector of a text once in a turn', () => {
    const remembering = rememberVectors(encoder);
    expect([...remembering.encode('abc')]).to.deep.equal([3]);
    expect(remembering.encode('abc')).to.equal(remembering.encode('abc'));
    expect(asked).to.deep.equal(['abc']);
  });

  it('forgets what was asked for long ago, not what is asked for again and again', () => {
    const remembering = rememberVectors(encoder);
    asked.length = 0;
    for (let at = 0; at < 40; at += 1) {
      remembering.encode('kept');
      remembering.encode(`other ${at}`);
    }
    remembering.encode('other 0');
    expect(asked.filter((text) => text === 'kept')).to.have.length(1);
    expect(asked.filter((text) => text === 'other 0')).to.have.length(2);
  });
});
