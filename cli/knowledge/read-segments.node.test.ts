import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { makePassages } from '../ingest/passages.ts';
import { readAnnotations } from './annotations.ts';
import { readSegments } from './read-segments.ts';
import { segmentsToDocuments } from './segments-to-documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'segments-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function contents(path: string): readonly string[] {
  return readSegments(path).segments.map(({ content }) => content);
}

describe('an export of segments', () => {
  it('is read as an answer of the API', () => {
    const path = file('api.json', JSON.stringify({ data: [{ id: '1', content: 'One.' }], has_more: false }));
    assert.deepEqual(contents(path), ['One.']);
  });

  it('is read as documents with their segments', () => {
    const documents = [
      { id: 'd1', name: 'Returns.md', segments: [{ content: 'One.' }, { content: 'Two.' }] },
      { id: 'd2', name: 'Fees.md', segments: [{ content: 'Three.' }] },
    ];
    const { segments } = readSegments(file('documents.json', JSON.stringify(documents)));
    assert.deepEqual(
      segments.map(({ documentId, documentName, content }) => [documentId, documentName, content]),
      [
        ['d1', 'Returns.md', 'One.'],
        ['d1', 'Returns.md', 'Two.'],
        ['d2', 'Fees.md', 'Three.'],
      ],
    );
  });

  it('is read as lines and as tables, in Chinese too', () => {
    assert.deepEqual(contents(file('a.jsonl', '{"content":"One."}\n\n{"text":"Two."}\n')), ['One.', 'Two.']);
    assert.deepEqual(contents(file('b.csv', 'content,answer\n"a, b",\nWhy?,Because.\n')), ['a, b', 'Why?']);
    assert.deepEqual(contents(file('c.csv', '分段内容;答案\n你好;\n')), ['你好']);
  });

  it('names the line where it is damaged', () => {
    const damaged: readonly (readonly [string, string, RegExp])[] = [
      ['d.jsonl', '{"content":"One."}\n{"content":', /d\.jsonl:2:/],
      ['e.jsonl', '[1]\n', /e\.jsonl:1:1/],
      ['f.jsonl', '{"content":" "}\n', /f\.jsonl:1:1/],
      ['g.csv', 'content\n"open\n', /g\.csv:/],
      ['h.json', '{"content": 1}', /no list/],
      ['i.json', '{"data": [1]}', /no object/],
      ['j.xml', '<a/>', /none of/],
      ['k.json', '{"data":\n [}', /k\.json:2:3/],
    ];
    for (const [name, text, message] of damaged) {
      assert.throws(
        () => readSegments(file(name, text)),
        (error) => isUnderstudyError(error, 'cli/source-invalid') && message.test(error.message),
        name,
      );
    }
    assert.throws(
      () => readSegments(join(folder, 'nowhere.json')),
      (error) => isUnderstudyError(error, 'cli/not-found'),
    );
  });

  it('gives a coded error, or segments, for whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('x.json', 'x.jsonl'), (value, name) => {
        try {
          readSegments(file(name, JSON.stringify(value)));
        } catch (error) {
          assert.ok(isUnderstudyError(error, 'cli/source-invalid'));
        }
      }),
    );
  });
});

describe('documents made of segments', () => {
  it('keep segments apart, and questions with their answers', () => {
    const rows = [
      { document_id: 'd', document_name: 'Returns.md', position: 2, content: 'Second piece.' },
      { document_id: 'd', document_name: 'Returns.md', position: 1, content: '# Terms\n\nFirst piece.' },
      { document_id: 'q', document_name: 'faq.csv', position: 1, content: 'How long?', answer: '30 days.' },
      { document_id: 'q', document_name: 'faq.csv', position: 2, content: 'How much?', answer: 'Nothing.' },
    ];
    const path = file('rows.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const passages = makePassages(segmentsToDocuments(readSegments(path).segments, 'dataset', 'en'));
    assert.deepEqual(
      passages.map(({ id, title, headings, text, questions }) => [id, title, headings, text, questions]),
      [
        ['dataset/d#1', 'Returns', ['Terms'], 'First piece.', []],
        ['dataset/d#2', 'Returns', [], 'Second piece.', []],
        ['dataset/q/1#1', 'How long?', [], '30 days.', ['How long?']],
        ['dataset/q/2#1', 'How much?', [], 'Nothing.', ['How much?']],
      ],
    );
  });
});

describe('annotations', () => {
  it('are read from JSON and CSV, the first answer to a question counting', () => {
    const expected = [{ question: 'Hours?', answer: '9 to 5.' }];
    const rows = [
      { question: 'Hours?', answer: '9 to 5.' },
      { question: ' Hours? ', answer: 'never' },
    ];
    assert.deepEqual(readAnnotations(file('a.json', JSON.stringify(rows))), expected);
    assert.deepEqual(readAnnotations(file('a.csv', 'question,answer\nHours?,9 to 5.\n')), expected);
    assert.throws(
      () => readAnnotations(file('b.csv', 'question,answer\nHours?,\n')),
      (error) => isUnderstudyError(error, 'cli/source-invalid') && /b\.csv:2:1/.test(error.message),
    );
  });
});
