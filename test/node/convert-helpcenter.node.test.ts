import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { convertHelpcenter, listHelpcenters } from '../convert/helpcenter.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const ARTICLE = {
  id: 'docs/My lamp.md',
  title: 'My "lamp"',
  lang: 'en',
  sections: [
    { heading: '', text: 'The lamp needs a bulb of type <E27>.' },
    { heading: 'Which bulbs fit?', text: 'Bulb | Fits\nE27 | yes\nE14 | no\n\n# Not a heading' },
  ],
};
const PAIR = {
  id: 'docs/My lamp.md#1',
  question: 'Which bulbs fit?',
  answer: 'E27 fits, "E14" does not.',
  lang: 'en',
};

const hasXz = spawnSync('xz', ['--version']).status === 0;

describe('convertHelpcenter', () => {
  it(
    'writes a folder that builds, with the questions of dev held out',
    { skip: !hasXz && 'never-run: xz is missing' },
    async () => {
      const data = samples.make({
        'helpcenter_lamps/faq.train.jsonl': `${JSON.stringify(PAIR)}\n`,
        'helpcenter_lamps/faq.dev.jsonl': `${JSON.stringify({ ...PAIR, id: 'docs/My lamp.md#2', question: 'Does E14 fit?' })}\n`,
      });
      const packed = spawnSync('xz', ['-zc'], { input: `${JSON.stringify(ARTICLE)}\n` });
      writeFileSync(join(data, 'helpcenter_lamps/articles.train.jsonl.xz'), packed.stdout);
      assert.deepEqual(listHelpcenters(data), ['helpcenter_lamps']);
      const out = samples.make();
      const { articles, pairs, questions } = convertHelpcenter(data, 'helpcenter_lamps', out, {
        withPairs: true,
      });
      assert.deepEqual([articles, pairs], [1, 1]);
      assert.deepEqual(
        questions.map(({ kind, articles: [document] }) => [kind, document]),
        [
          ['train', 'articles/docs/My-lamp'],
          ['dev', 'articles/docs/My-lamp'],
        ],
      );
      assert.match(readFileSync(join(out, 'articles/docs/My-lamp.md'), 'utf8'), /^\| E27 \| yes \|$/m);
      const bundle = join(out, 'bundle');
      assert.equal((await runCommand(['build', out, '--out', bundle])).status, 0);
      const args = ['eval', bundle, '--questions', join(out, 'questions.jsonl'), '--json'];
      assert.match((await runCommand(args)).out, /"recallAt3":\{"count":2,"of":2,"share":1\}/);
    },
  );
});
