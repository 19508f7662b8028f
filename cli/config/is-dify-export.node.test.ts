import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { sampleFolders } from '../../test/node/sample-folder.ts';
import { isDifyExport } from './is-dify-export.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

function judge(text: string): boolean {
  return isDifyExport(join(samples.make({ 'a.yml': text }), 'a.yml'));
}

describe('a file that is named to a build', () => {
  it('is an exported app when it has the keys of one', () => {
    for (const text of [
      'app:\n  mode: chat\nmodel_config: {}\n',
      'kind: app\nversion: 0.1.0\n',
      'version: \'0.6.0\'\nkind: "app"\n',
      'app:\r\n  name: x\r\n',
      'workflow:\n  graph: {}\n',
      'kind: rag_pipeline\n',
      '{"app": {"name": "x"}, "workflow": {}}',
    ])
      assert.equal(judge(text), true, text);
  });

  it('is a configuration otherwise', () => {
    for (const text of [
      'app: my-help\nname: x\n',
      'dify: app.yml\nnodes: { a: edge }\n',
      '',
      'sources: [help]\n',
    ])
      assert.equal(judge(text), false, text);
  });
});
