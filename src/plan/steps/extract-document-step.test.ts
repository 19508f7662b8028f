import { expect } from '@open-wc/testing';
import type { Json } from '../../contracts/json.ts';
import { extractDocumentDefinition } from './extract-document-step.ts';
import { StepScene, sceneFile } from './step-scene.ts';

function scene(value: Json, isList: boolean): StepScene {
  return new StepScene('extract-document', extractDocumentDefinition, {
    config: { from: ['start', 'file'], isList },
    values: { 'start.file': value },
    services: { readFile: (file) => Promise.resolve(new TextEncoder().encode(`Text of ${file.name}`)) },
  });
}

describe('the step `extract-document`', () => {
  it('gives the text of a file', async () => {
    expect(await scene(sceneFile('a.txt'), false).output('text')).to.equal('Text of a.txt');
  });

  it('gives the texts of a list of files', async () => {
    const files = [sceneFile('a.txt'), sceneFile('b.md')];
    expect(await scene(files, true).output('text')).to.deep.equal(['Text of a.txt', 'Text of b.md']);
  });

  it('gives an empty list where there is no file', async () => {
    expect(await scene([], true).output('text')).to.deep.equal([]);
    expect(await scene(null, false).output('text')).to.deep.equal([]);
  });

  it('fails on what is no file, is missing, or cannot be read here', async () => {
    expect(await scene('a.txt', false).failure()).to.equal('plan/value-invalid');
    expect(await scene([sceneFile('a.txt'), 'b'], true).failure()).to.equal('plan/value-invalid');
    expect(await scene(sceneFile('a.doc'), false).failure()).to.equal('plan/needs-lead');
    const config = { from: ['start', 'file'], isList: false };
    const missing = new StepScene('extract-document', extractDocumentDefinition, { config });
    expect(await missing.failure()).to.equal('plan/variable-missing');
    const values = { 'start.file': sceneFile('a.txt') };
    const blind = new StepScene('extract-document', extractDocumentDefinition, { config, values });
    expect(await blind.failure()).to.equal('plan/needs-lead');
  });

  it('refuses settings that are none', async () => {
    for (const config of [{}, { from: ['a', 'b'] }, { from: ['a'], isList: true }]) {
      expect(
        await new StepScene('extract-document', extractDocumentDefinition, { config }).failure(),
      ).to.equal('plan/invalid');
    }
  });
});
