import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from '../contracts/errors.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { concatBytes } from './concat-bytes.ts';
import { gunzip, gzip } from './gzip.ts';
import { fromHex, toHex } from './hex.ts';
import { sha256Hex } from './sha256-hex.ts';
import { splitContentDefined } from './split-content-defined.ts';
import { splitFixed } from './split-fixed.ts';

const anyBytes = fc.uint8Array({ maxLength: 5000 }).map((bytes) => new Uint8Array(bytes));

/** Bytes that look random and are the same on every machine. */
function createNoise(sizeBytes: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  let state = seed;
  for (let at = 0; at < sizeBytes; at++) {
    state = (state * 48271) % 0x7fffffff;
    bytes[at] = state >> 8;
  }
  return bytes;
}

function ascii(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

describe('hex and base64url', () => {
  it('know the examples of their standards', () => {
    expect(toHex(new Uint8Array([0, 15, 16, 255]))).to.equal('000f10ff');
    expect(toBase64Url(ascii('foobar'))).to.equal('Zm9vYmFy');
    expect(toBase64Url(new Uint8Array([251, 255]))).to.equal('-_8');
  });

  it('give back what was written', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(fromHex(toHex(bytes))).to.deep.equal(bytes);
        expect(fromBase64Url(toBase64Url(bytes))).to.deep.equal(bytes);
      }),
      { numRuns: 50 },
    );
  });

  it('refuse what is none', () => {
    for (const text of ['0', 'xy', '0x12', ' 12']) expect(fromHex(text)).to.equal(null);
    for (const text of ['A', 'AA==', '+_8', 'Zm9v YmFy', 'AB']) expect(fromBase64Url(text)).to.equal(null);
  });
});

describe('sha256Hex', () => {
  it('knows the digests of FIPS 180-4', async () => {
    expect(await sha256Hex(new Uint8Array())).to.equal(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(await sha256Hex(ascii('abc'))).to.equal(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('fails with bundle/insecure-page where the browser withholds WebCrypto', async () => {
    Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
    try {
      const error = await sha256Hex(new Uint8Array()).catch((fault: unknown) => fault);
      expect(isUnderstudyError(error, 'bundle/insecure-page')).to.equal(true);
    } finally {
      Reflect.deleteProperty(crypto, 'subtle');
    }
  });

  it('hashes a view, not the buffer behind it', async () => {
    expect(await sha256Hex(ascii('xabcx').subarray(1, 4))).to.equal(await sha256Hex(ascii('abc')));
  });
});

describe('splitting', () => {
  it('and joining gives the same bytes', () => {
    fc.assert(
      fc.property(anyBytes, fc.integer({ min: 1, max: 700 }), (bytes, chunkBytes) => {
        expect(concatBytes(splitFixed(bytes, chunkBytes))).to.deep.equal(bytes);
        expect(concatBytes(splitContentDefined(bytes, chunkBytes))).to.deep.equal(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps chunks within a quarter and four times the average, and near it in the mean', () => {
    const bytes = createNoise(2 * 1024 * 1024);
    const lengths = splitContentDefined(bytes).map((chunk) => chunk.length);
    expect(Math.min(...lengths.slice(0, -1))).to.be.greaterThan(1024);
    expect(Math.max(...lengths)).to.be.at.most(4 * 4096);
    expect(bytes.length / lengths.length).to.be.within(3000, 6000);
    for (const flat of splitContentDefined(new Uint8Array(100_000)).slice(0, -1))
      expect(flat.length).to.be.within(1024, 4 * 4096);
  });

  it('cuts at the same places on every machine', async () => {
    const cuts = splitContentDefined(createNoise(100_000)).map((chunk) => chunk.length);
    expect(await sha256Hex(ascii(cuts.join()))).to.equal(
      '2203030ee92c93bd96b9c32168412489ae2ea940bf010d1f8b9e48b60c53f58c',
    );
  });

  it('finds the same cuts again after bytes were inserted', () => {
    const bytes = createNoise(400_000);
    const edited = concatBytes([bytes.subarray(0, 1000), ascii('some words more'), bytes.subarray(1000)]);
    const before = new Set(splitContentDefined(bytes).map((chunk) => toHex(chunk)));
    const added = splitContentDefined(edited).filter((chunk) => !before.has(toHex(chunk)));
    expect(added.length).to.be.within(1, 3);
  });

  it('cuts fixed chunks of 256 KiB unless told otherwise', () => {
    const lengths = splitFixed(new Uint8Array(600 * 1024)).map((chunk) => chunk.length);
    expect(lengths).to.deep.equal([262_144, 262_144, 90_112]);
    expect(splitFixed(new Uint8Array())).to.deep.equal([]);
    expect(splitContentDefined(new Uint8Array())).to.deep.equal([]);
  });
});

describe('gzip', () => {
  it('gives back what was compressed', async () => {
    for (const bytes of [new Uint8Array(), ascii('abc'), createNoise(300_000), new Uint8Array(1_000_000)])
      expect(await gunzip(await gzip(bytes), { maxBytes: bytes.length })).to.deep.equal(bytes);
  });

  it('stops a decompression bomb at the limit', async () => {
    const bomb = await gzip(new Uint8Array(100 * 1024 * 1024));
    const error = await gunzip(bomb, { maxBytes: 1000 }).catch((fault: unknown) => fault);
    expect(isUnderstudyError(error, 'bundle/too-long')).to.equal(true);
  });

  it('refuses what is no gzip, and gzip that was cut short', async () => {
    const whole = await gzip(createNoise(5000));
    for (const bytes of [ascii('hello'), whole.slice(0, 2000), whole.slice(0, whole.length - 1)]) {
      const error = await gunzip(bytes, { maxBytes: 10_000 }).catch((fault: unknown) => fault);
      expect(isUnderstudyError(error, 'bundle/hash-mismatch')).to.equal(true);
    }
  });
});
