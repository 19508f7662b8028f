import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { portableExp } from './portable-exp.ts';
import { RandomSource } from './random-source.ts';
import { Sampler } from './sampler.ts';
import type { SamplingOptions } from './sampling-options.ts';
import { parseSamplingOptions } from './sampling-options.ts';

/** Everything a step keeps, the slow and obvious way: probabilities by token. */
function distribution(
  logits: readonly number[],
  options: SamplingOptions,
  recent: readonly number[] = [],
  allowed: (token: number) => boolean = () => true,
): Map<number, number> {
  const { temperature, topK, topP, minP, ...penalties } = parseSamplingOptions(options);
  const window = penalties.repetitionWindow === 0 ? [] : recent.slice(-penalties.repetitionWindow);
  let kept = logits.flatMap((logit, token) => {
    const times = window.filter((one) => one === token).length;
    const damped = logit <= 0 ? logit * penalties.repetitionPenalty : logit / penalties.repetitionPenalty;
    const value =
      times === 0 ? logit : damped - times * penalties.frequencyPenalty - penalties.presencePenalty;
    return value > -Infinity && allowed(token) ? [{ token, value }] : [];
  });
  kept.sort((a, b) => b.value - a.value || a.token - b.token);
  const top = kept[0]?.value ?? 0;
  if (topK > 0) kept = kept.slice(0, topK);
  const weight = ({ value }: { value: number }, scale = 1): number =>
    value === top ? 1 : Math.exp((value - top) / scale);
  const mass = kept.reduce((sum, one) => sum + weight(one), 0);
  if (topP < 1) {
    let sum = 0;
    const last = kept.findIndex((one) => (sum += weight(one)) >= topP * mass);
    if (last >= 0) kept = kept.slice(0, last + 1);
  }
  kept = kept.filter((one) => weight(one) >= minP);
  if (temperature === 0) kept = kept.slice(0, 1);
  const total = kept.reduce((sum, one) => sum + weight(one, temperature === 0 ? 1 : temperature), 0);
  return new Map(kept.map((one) => [one.token, weight(one, temperature === 0 ? 1 : temperature) / total]));
}

const maskOf = (size: number, allowed: (token: number) => boolean): Uint32Array => {
  const mask = new Uint32Array((size + 31) >> 5);
  for (let token = 0; token < size; token += 1)
    if (allowed(token)) mask[token >> 5] = (mask[token >> 5] ?? 0) | (1 << (token & 31));
  return mask;
};

const failsWith = (code: 'engine/failed' | 'client/bad-option', act: () => unknown): void => {
  let caught: unknown = null;
  try {
    act();
  } catch (error) {
    caught = error;
  }
  expect(isUnderstudyError(caught, code), String(caught)).to.equal(true);
};

/** Quarters: far enough apart that no cut falls between two roundings. */
const logit = fc.oneof(
  fc.integer({ min: -60, max: 40 }).map((quarters) => quarters / 4),
  fc.constantFrom(NaN, -Infinity),
);
const logitsArbitrary = fc.array(logit, { minLength: 1, maxLength: 90 });
const optionsArbitrary = fc.record({
  temperature: fc.constantFrom(0, 0.3, 1, 2.5),
  topK: fc.constantFrom(0, 1, 2, 7, 40, 1000),
  topP: fc.constantFrom(0, 0.31, 0.77, 0.953, 1),
  minP: fc.constantFrom(0, 0.011, 0.13, 0.93, 1),
  repetitionPenalty: fc.constantFrom(1, 1.3, 0.7),
  repetitionWindow: fc.constantFrom(0, 1, 3, 64),
  frequencyPenalty: fc.constantFrom(0, 0.6, -0.6),
  presencePenalty: fc.constantFrom(0, 0.55),
  seed: fc.nat(),
});

describe('Sampler', () => {
  it('is greedy unless told otherwise, and takes the first of equals', () => {
    expect(new Sampler({}, 5).sample(Float32Array.of(1, 3, 3, 2, -1), [], null)).to.equal(1);
  });

  it('never chooses what is no number or minus infinity', () => {
    const logits = Float32Array.of(NaN, -Infinity, -5, NaN);
    for (const temperature of [0, 1, 100])
      for (let seed = 0; seed < 20; seed += 1)
        expect(
          new Sampler({ temperature, minP: 0, topK: 0, topP: 1, seed }, 4).sample(logits, [], null),
        ).to.equal(2);
  });

  it('takes an infinite logit', () => {
    const logits = Float32Array.of(1, Infinity, 3);
    for (const temperature of [0, 0.5])
      expect(new Sampler({ temperature }, 3).sample(logits, [], null)).to.equal(1);
  });

  it('fails with a code when every token is masked or no number', () => {
    for (const temperature of [0, 1]) {
      const sampler = new Sampler({ temperature, repetitionPenalty: 2 }, 40);
      failsWith('engine/failed', () => sampler.sample(new Float32Array(40), [3], new Uint32Array(2)));
      failsWith('engine/failed', () => sampler.sample(new Float32Array(40), [3], new Uint32Array(0)));
      failsWith('engine/failed', () => sampler.sample(new Float32Array(40).fill(NaN), [3], null));
      failsWith('engine/failed', () => sampler.sample(new Float32Array(39), [3], null));
      expect(sampler.sample(new Float32Array(40), [], null)).to.be.within(0, 39);
    }
  });

  it('ignores logits and mask bits beyond the vocabulary', () => {
    const logits = Float32Array.of(0, 1, 0, 9, 9);
    const mask = Uint32Array.of(0xffffffff);
    expect(new Sampler({}, 3).sample(logits, [], mask)).to.equal(1);
    expect(new Sampler({ temperature: 1, topK: 1 }, 3).sample(logits, [], mask)).to.equal(1);
  });

  it('does not write to the logits', () => {
    const logits = Float32Array.from({ length: 300 }, (_, token) => Math.sin(token));
    const before = logits.slice();
    const sampler = new Sampler({ temperature: 1, repetitionPenalty: 1.4, frequencyPenalty: 1 }, 300);
    for (let at = 0; at < 20; at += 1) sampler.sample(logits, [1, 2, 3, 3], null);
    expect([...logits]).to.deep.equal([...before]);
  });

  it('chooses within what a plain twin of the chain keeps', () => {
    fc.assert(
      fc.property(
        logitsArbitrary,
        optionsArbitrary,
        fc.array(fc.integer({ min: -2, max: 95 }), { maxLength: 12 }),
        fc.option(fc.integer({ min: 1, max: 5 })),
        (values, options, recent, step) => {
          const allowed = (token: number): boolean => step === null || token % step === 0;
          const kept = distribution(values, options, recent, allowed);
          fc.pre(kept.size > 0);
          const logits = Float32Array.from(values);
          const mask = step === null ? null : maskOf(values.length, allowed);
          const sampler = new Sampler(options, values.length);
          for (let draw = 0; draw < 6; draw += 1)
            expect([...kept.keys()]).to.include(sampler.sample(logits, recent, mask));
        },
      ),
      { numRuns: 400, seed: 5 },
    );
  });

  /** Seeds are fixed, so these cannot fail by chance; the bound is the 99.9999 % quantile of χ², by Wilson and Hilferty. */
  const settings: readonly SamplingOptions[] = [
    { temperature: 1, topK: 0, topP: 1, minP: 0 },
    { temperature: 0.7, topK: 12, topP: 1, minP: 0 },
    { temperature: 1.8, topK: 0, topP: 0.9, minP: 0 },
    { temperature: 1.2, topK: 0, topP: 1, minP: 0.04 },
    { temperature: 1, topK: 40, topP: 0.95, minP: 0.05 },
    { temperature: 1, topK: 0, topP: 0.98, minP: 0.02, repetitionPenalty: 1.5, presencePenalty: 0.4 },
  ];
  for (const options of settings)
    it(`draws in the proportions of the twin: ${JSON.stringify(options)}`, () => {
      const logits = Array.from({ length: 220 }, (_, token) =>
        Math.fround(3 * Math.cos(token * 1.7) - token / 60),
      );
      const recent = [0, 4, 4, 11, 15];
      const exact = distribution(logits, options, recent);
      const sampler = new Sampler({ ...options, seed: 77 }, logits.length);
      const counts = new Map<number, number>();
      const draws = 20_000;
      for (let at = 0; at < draws; at += 1) {
        const token = sampler.sample(Float32Array.from(logits), recent, null);
        counts.set(token, (counts.get(token) ?? 0) + 1);
      }
      let square = 0;
      let cells = 0;
      let rare = 0;
      let rareSeen = 0;
      for (const [token, share] of exact) {
        const wanted = share * draws;
        if (wanted < 5) {
          rare += wanted;
          rareSeen += counts.get(token) ?? 0;
        } else {
          square += ((counts.get(token) ?? 0) - wanted) ** 2 / wanted;
          cells += 1;
        }
      }
      if (rare > 0) square += (rareSeen - rare) ** 2 / Math.max(rare, 5);
      const freedom = Math.max(cells, 1);
      const bound = freedom * (1 - 2 / (9 * freedom) + 4.75 * Math.sqrt(2 / (9 * freedom))) ** 3;
      expect(square).to.be.below(bound);
      expect([...counts.keys()].every((token) => exact.has(token))).to.equal(true);
    });

  it('finds the cut of top-p beyond the first tokens that are sorted', () => {
    // 3000 tokens of nearly one weight: half the mass is 1500 of them.
    const logits = Float32Array.from({ length: 3000 }, (_, token) => -token / 1e6);
    const sampler = new Sampler({ temperature: 1, topK: 0, topP: 0.5, minP: 0 }, 3000);
    let highest = 0;
    for (let at = 0; at < 400; at += 1) highest = Math.max(highest, sampler.sample(logits, [], null));
    expect(highest).to.be.within(1450, 1500);
  });

  it('gives the same tokens for the same seed, and others for another', () => {
    const logits = Float32Array.from({ length: 500 }, (_, token) => Math.sin(token));
    const draw = (seed: number): number[] => {
      const sampler = new Sampler({ temperature: 1, topK: 0, topP: 1, minP: 0, seed }, 500);
      return Array.from({ length: 24 }, () => sampler.sample(logits, [], null));
    };
    expect(draw(1)).to.deep.equal(draw(1));
    expect(draw(1)).not.to.deep.equal(draw(2));
    expect(draw(1)).not.to.deep.equal(draw(2 ** 32 + 1));
  });

  it('gives these tokens in every engine', () => {
    const logits = Float32Array.from({ length: 1000 }, (_, token) => ((token * 7919) % 1000) / 90);
    const sampler = new Sampler({ temperature: 0.9, seed: 42 }, 1000);
    expect(Array.from({ length: 12 }, () => sampler.sample(logits, [], null))).to.deep.equal(GOLDEN);
  });

  describe('penalties', () => {
    const logits = Float32Array.of(2, 1.9, -1, -1.1);
    const first = (
      options: SamplingOptions,
      recent: readonly number[],
      mask: Uint32Array | null = null,
    ): number => new Sampler(options, 4).sample(logits, recent, mask);

    it('divide positive logits and multiply negative ones', () => {
      expect(first({ repetitionPenalty: 1.2 }, [0])).to.equal(1);
      expect(first({ repetitionPenalty: 1.2 }, [2], Uint32Array.of(0b1100))).to.equal(3);
    });

    it('look at the window only', () => {
      expect(first({ repetitionPenalty: 1.2, repetitionWindow: 2 }, [0, 3, 3])).to.equal(0);
      expect(first({ repetitionPenalty: 1.2, repetitionWindow: 3 }, [0, 3, 3])).to.equal(1);
      expect(first({ repetitionPenalty: 1.2, repetitionWindow: 0 }, [0])).to.equal(0);
    });

    it('count frequency once for each time and presence once', () => {
      expect(first({ frequencyPenalty: 0.06 }, [0])).to.equal(0);
      expect(first({ frequencyPenalty: 0.06 }, [0, 0])).to.equal(1);
      expect(first({ presencePenalty: 0.06 }, [0, 0])).to.equal(0);
      expect(first({ presencePenalty: 0.2 }, [0])).to.equal(1);
    });

    it('leave nothing behind for the next step', () => {
      const sampler = new Sampler({ repetitionPenalty: 5 }, 4);
      expect(sampler.sample(logits, [0], null)).to.equal(1);
      expect(sampler.sample(logits, [], null)).to.equal(0);
    });
  });
});

const GOLDEN: readonly number[] = [210, 914, 605, 988, 852, 988, 494, 852, 593, 25, 568, 494];

describe('parseSamplingOptions', () => {
  it('gives the defaults of llama.cpp, and greedy choice', () => {
    expect(parseSamplingOptions({})).to.deep.equal({
      temperature: 0,
      topK: 40,
      topP: 0.95,
      minP: 0.05,
      repetitionPenalty: 1,
      repetitionWindow: 64,
      frequencyPenalty: 0,
      presencePenalty: 0,
      seed: 0,
    });
  });

  it('refuses values out of range, of other types, and names it does not know', () => {
    const bad: unknown[] = [
      null,
      [],
      'greedy',
      { temperature: NaN },
      { temperature: -1 },
      { temperature: Infinity },
      { temperature: '1' },
      { topK: 1.5 },
      { topK: -1 },
      { topP: 1.01 },
      { minP: -0.1 },
      { repetitionPenalty: 0 },
      { repetitionWindow: 1e9 },
      { frequencyPenalty: 3 },
      { presencePenalty: null },
      { seed: 2 ** 53 },
      { seed: -1 },
      { top_k: 40 },
    ];
    for (const options of bad) failsWith('client/bad-option', () => parseSamplingOptions(options));
  });

  it('accepts or refuses with a code whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          for (const number of Object.values(parseSamplingOptions(value)))
            expect(Number.isFinite(number)).to.equal(true);
        } catch (error) {
          expect(isUnderstudyError(error, 'client/bad-option')).to.equal(true);
        }
      }),
    );
  });
});

describe('portableExp', () => {
  it('is e^x to a few units in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 0, noNaN: true }), (x) => {
        const wanted = Math.exp(x);
        expect(Math.abs(portableExp(x) - wanted)).to.be.at.most(wanted * 2 ** -50);
      }),
      { numRuns: 2000 },
    );
  });

  it('is exact at the ends', () => {
    expect([portableExp(0), portableExp(-Infinity), portableExp(-1e308)]).to.deep.equal([1, 0, 0]);
    expect(portableExp(NaN)).to.be.NaN;
    expect(portableExp(-745)).to.be.within(0, 1e-322);
  });
});

describe('RandomSource', () => {
  /** sfc32 in integers without a size. */
  function* twin(seed: bigint): Generator<number> {
    const word = 0xffffffffn;
    let [a, b, c, counter] = [0n, seed & word, seed >> 32n, 1n];
    for (let round = 0; ; round += 1) {
      const drawn = (a + b + counter) & word;
      counter = (counter + 1n) & word;
      a = b ^ (b >> 9n);
      b = (c + (c << 3n)) & word;
      c = ((((c << 21n) & word) | (c >> 11n)) + drawn) & word;
      if (round >= 12) yield Number(drawn);
    }
  }

  it('draws the numbers of sfc32', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const source = new RandomSource(seed);
        const numbers = twin(BigInt(seed));
        for (let at = 0; at < 20; at += 1) expect(source.next32()).to.equal(numbers.next().value);
      }),
    );
  });

  it('draws units below 1 that fill the range evenly', () => {
    const source = new RandomSource(9);
    const counts = new Uint32Array(16);
    for (let at = 0; at < 16_000; at += 1) {
      const unit = source.nextUnit();
      expect(unit >= 0 && unit < 1).to.equal(true);
      counts[Math.floor(unit * 16)] = (counts[Math.floor(unit * 16)] ?? 0) + 1;
    }
    for (const count of counts) expect(count).to.be.within(850, 1150);
  });
});
