import { expect } from '@open-wc/testing';
import type { GoldenCase } from '../../../test/fixtures/golden-models.ts';
import { goldenModels, parseGolden, runGolden } from '../../../test/fixtures/golden-models.ts';
import { fetchKernel, testedBuilds } from '../../../test/fixtures/kernel-builds.ts';

/* Node.js and wasmtime are held to the same file: test/node/golden-tokens.node.test.ts, test/wasmtime/run.py. */
describe('the kernel gives the same tokens everywhere', () => {
  let golden: GoldenCase[];
  before(async () => {
    const file = await fetch('/test/fixtures/golden-tokens.jsonl');
    golden = parseGolden(await file.text());
  });

  it('with every model of the golden file', () => {
    expect(golden.map(({ name }) => name)).to.deep.equal(goldenModels().map(({ name }) => name));
  });

  for (const build of testedBuilds()) {
    for (const model of goldenModels()) {
      it(`${model.name}, ${build}`, async () => {
        const wanted = golden.find(({ name }) => name === model.name);
        expect(await runGolden(fetchKernel, build, model)).to.deep.equal(wanted);
      });
    }
  }
});
