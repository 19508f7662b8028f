import { expect } from '@open-wc/testing';
import type { JsonObject } from '../../contracts/json.ts';
import type { Sandbox } from '../../contracts/sandbox.ts';
import { StepScene, sceneFile } from './step-scene.ts';
import { templateDefinition } from './template-step.ts';

function sandbox(render: (source: string, values: JsonObject) => string): Sandbox {
  return {
    runCode: () => Promise.reject(new Error('no code here')),
    renderTemplate: (source, values) => Promise.resolve(render(source, values)),
  };
}

describe('the step `template`', () => {
  it('renders over the inputs, the missing ones as nothing', async () => {
    const scene = new StepScene('template', templateDefinition, {
      config: { source: '{{ name }}' },
      inputs: { name: 'Ann', list: ['a'] },
      step: { inputs: { name: { value: null }, list: { value: null }, gone: { from: ['a', 'gone'] } } },
      services: { sandbox: sandbox((source, values) => `${source} ${JSON.stringify(values)}`) },
    });
    expect(await scene.output('output')).to.equal('{{ name }} {"name":"Ann","list":["a"],"gone":null}');
  });

  it('shows files with the names that the cloud agent gives their attributes', async () => {
    const file = sceneFile('jug.png', { type: 'image', url: 'https://shop.example/jug.png' });
    const seen: JsonObject[] = [];
    const scene = new StepScene('template', templateDefinition, {
      config: { source: '' },
      inputs: { files: [file] },
      services: {
        sandbox: sandbox((_, values) => {
          seen.push(values);
          return '';
        }),
      },
    });
    await scene.run();
    expect(seen[0]?.['files']).to.deep.equal([
      {
        dify_model_identity: '__dify__file__',
        id: 'id-jug.png',
        type: 'image',
        transfer_method: 'remote_url',
        remote_url: 'https://shop.example/jug.png',
        related_id: 'id-jug.png',
        filename: 'jug.png',
        extension: '.png',
        mime_type: 'text/plain',
        size: 100,
        url: 'https://shop.example/jug.png',
      },
    ]);
  });

  it('refuses a text that is too long', async () => {
    const long = (text: string): StepScene =>
      new StepScene('template', templateDefinition, {
        config: { source: '' },
        services: { sandbox: sandbox(() => text) },
      });
    expect(await long('x'.repeat(400_001)).failure()).to.equal('plan/value-invalid');
    expect(await long('😀'.repeat(400_000)).failure()).to.equal('none');
  });

  it('fails where nothing renders, and where its source is none', async () => {
    const config = { source: 'x' };
    expect(await new StepScene('template', templateDefinition, { config }).failure()).to.equal(
      'sandbox/unavailable',
    );
    expect(await new StepScene('template', templateDefinition).failure()).to.equal('plan/invalid');
  });

  it('ends when the turn is stopped', async () => {
    const scene = new StepScene('template', templateDefinition, {
      config: { source: 'x' },
      services: { sandbox: sandbox(() => 'x') },
    });
    scene.abort.abort();
    expect(await scene.failure()).to.contain('AbortError');
  });
});
