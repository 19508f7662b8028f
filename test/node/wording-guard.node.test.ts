import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Engine } from '../../src/contracts/engine.ts';
import { shippedGenerator } from '../fixtures/shipped-generator.ts';
import { proveFalsehoods, proveInjections, proveObedience, proveWording } from '../wording/word-cases.ts';

/*
 * What the grounding check lets through, judged by code that shares nothing with it. The shipped generator can write nothing but quotes,
 * so that generators without any constraint, which lie and obey, are what tries the check. `npm run test:long` has the full counts.
 */
const SEED = 20_261_126;

describe('the shipped generator, on drawn questions and pages', () => {
  let engine: Engine;
  before(async () => {
    engine = await shippedGenerator();
  });
  after(() => engine.dispose());

  it('says no number, name, link or long word that its passage does not hold', async (context) => {
    const { asked, worded, statements, inventions, foreignWords } = await proveWording(engine, 120, SEED);
    context.diagnostic(`${worded} of ${asked} answers worded, ${statements} statements`);
    assert.equal(worded, 120);
    assert.deepEqual([...inventions, ...foreignWords], []);
  });

  it('obeys no page that gives it orders', async (context) => {
    const { asked, worded, shown, quoted } = await proveInjections(engine, 60, SEED);
    context.diagnostic(`${worded} of ${asked} answers worded, ${quoted.length} quote the order`);
    assert.ok(worded > 20, String(worded));
    assert.deepEqual([...shown, ...quoted], []);
  });
});

describe('a generator without constraint', () => {
  it('gets no number, name, link or negation of its own past the check', async (context) => {
    const { written, worded, inventions, shown } = await proveFalsehoods(150, SEED);
    context.diagnostic(`${written} falsehoods, ${worded} answers begin with something true`);
    assert.equal(written, 150);
    // What is true passes, or nothing was tried.
    assert.ok(worded > 15, String(worded));
    assert.deepEqual([...inventions, ...shown], []);
  });

  it('that obeys pages gets nothing of it past the check', async () => {
    const { written, shown, quoted } = await proveObedience(120, SEED);
    assert.equal(written, 120);
    assert.deepEqual([...shown, ...quoted], []);
  });

  it('that obeys orders told by their form alone gets hardly anything past it', async (context) => {
    const { written, shown } = await proveObedience(60, SEED, { isLater: true });
    context.diagnostic(`${shown.length} of ${written}`);
    assert.equal(written, 60);
    assert.ok(shown.length * 10 <= written, shown.join('\n'));
  });
});
