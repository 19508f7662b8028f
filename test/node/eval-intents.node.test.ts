import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isRecord } from '../../src/contracts/json.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const TRAIN: readonly (readonly [text: string, label: string])[] = [
  ['where is my parcel', 'track_parcel'],
  ['when does my package arrive', 'track_parcel'],
  ['my parcel has not come yet', 'track_parcel'],
  ['track my delivery', 'track_parcel'],
  ['i want my money back', 'ask_refund'],
  ['how do i get a refund', 'ask_refund'],
  ['please refund my order', 'ask_refund'],
  ['send the money back to my card', 'ask_refund'],
];
const TEST = [
  { text: 'where is the parcel now', label: 'track_parcel' },
  { text: 'can i get a refund please', label: 'ask_refund' },
  { text: 'i want to track the refund', label: 'track_parcel' },
  { text: 'zebras graze at dawn', label: 'oos', oos: true },
];

function write(): { train: string; csv: string; test: string; folder: string } {
  const rows = (list: readonly object[]): string => list.map((row) => `${JSON.stringify(row)}\n`).join('');
  const folder = samples.make({
    'train.jsonl': rows(TRAIN.map(([text, label]) => ({ text, label, lang: 'en' }))),
    'train.csv': `text,label\n${TRAIN.map(([text, label]) => `"${text}",${label}\n`).join('')}`,
    'test.jsonl': rows(TEST),
    'broken.jsonl': '{"text":"a","label":"b"}\n{"text":"a"}\n',
  });
  return {
    folder,
    train: join(folder, 'train.jsonl'),
    csv: join(folder, 'train.csv'),
    test: join(folder, 'test.jsonl'),
  };
}

describe('understudy eval intents', () => {
  it('prints what is right, what is confused and what to add', async () => {
    const { train, test, folder } = write();
    const html = join(folder, 'report.html');
    const { status, out } = await runCommand([
      'eval',
      'intents',
      '--train',
      train,
      '--test',
      test,
      '--html',
      html,
    ]);
    assert.equal(status, 0);
    assert.match(out, /tested on +3 messages in scope, 1 out of scope/);
    assert.match(out, /accuracy in scope +66\.67 %/);
    assert.match(out, /track_parcel → ask_refund/);
    assert.match(out, /add +"i want to track the refund"/);
    assert.match(readFileSync(html, 'utf8'), /<td>i want to track the refund/);
  });

  it('reads CSV as it reads JSONL, and prints one object', async () => {
    const { train, csv, test } = write();
    const of = async (file: string): Promise<Record<string, unknown>> => {
      const { out } = await runCommand(['eval', 'intents', '--train', file, '--test', test, '--json']);
      const value: unknown = JSON.parse(out);
      assert.ok(isRecord(value));
      return value;
    };
    const [lines, table] = [await of(train), await of(csv)];
    for (const figure of ['accuracy', 'mcc', 'outOfScopeAuroc', 'modelBytes'])
      assert.deepEqual(lines[figure], table[figure], figure);
    assert.equal(lines['inScope'], 3);
  });

  it('says which option is missing and which line cannot be read', async () => {
    const { train, folder } = write();
    assert.equal((await runCommand(['eval', 'intents', '--train', train])).status, 64);
    const broken = join(folder, 'broken.jsonl');
    const { status, notes } = await runCommand(['eval', 'intents', '--train', broken, '--test', train]);
    assert.equal(status, 2);
    assert.match(notes, /broken\.jsonl:2: "label" is missing/);
  });
});
