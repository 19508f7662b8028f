import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { PublishedFile } from './published-file.ts';
import { textFile } from './published-file.ts';
import { readZip } from './read-zip.ts';
import { writeZip } from './write-zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'zip-'));
const zip = join(folder, 'out.zip');
after(() => rmSync(folder, { recursive: true }));

describe('a zip file', () => {
  it('is opened by another program', () => {
    const files = [
      textFile('b/ü.txt', 'x'.repeat(10_000)),
      textFile('a.txt', ''),
      textFile('c.bin', '\u0000\u0001'),
    ];
    writeZip(zip, files);
    const script =
      'import sys,zipfile,json\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n' +
      'print(json.dumps([[i.filename,z.read(i).decode()] for i in z.infolist()]))';
    const listed: unknown = JSON.parse(execFileSync('python3', ['-c', script, zip], { encoding: 'utf8' }));
    assert.deepEqual(listed, [
      ['a.txt', ''],
      ['b/ü.txt', 'x'.repeat(10_000)],
      ['c.bin', '\u0000\u0001'],
    ]);
  });

  it('has the same bytes for the same files, in whatever order they come, and gives back what went in', () => {
    const path = fc.stringMatching(/^[a-zé]{1,8}(\/[a-z]{1,8}){0,2}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(path, fc.uint8Array({ maxLength: 300 })), {
          selector: ([name]) => name,
          maxLength: 8,
        }),
        (entries) => {
          const files = entries.map(([name, bytes]): PublishedFile => ({ path: name, read: () => bytes }));
          const sizeBytes = writeZip(zip, files);
          const first = readFileSync(zip);
          assert.equal(first.length, sizeBytes);
          writeZip(zip, [...files].reverse());
          assert.deepEqual(readFileSync(zip), first);
          const read = readZip(first);
          assert.equal(read.size, entries.length);
          for (const [name, bytes] of entries) assert.deepEqual(new Uint8Array(read.get(name) ?? []), bytes);
        },
      ),
    );
  });

  it('leaves the old one and no remains when it cannot be written', () => {
    writeZip(zip, [textFile('a', 'old')]);
    const before = readFileSync(zip);
    const broken: PublishedFile = {
      path: 'b',
      read: () => {
        throw new Error('EIO');
      },
    };
    assert.throws(
      () => writeZip(zip, [textFile('a', 'new'), broken]),
      (error) => isUnderstudyError(error, 'cli/write-failed'),
    );
    assert.deepEqual(readFileSync(zip), before);
    assert.deepEqual(readdirSync(folder), ['out.zip']);
  });
});
