import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readMarkdown } from './markdown.ts';

function texts(body: string): string[] {
  return readMarkdown(body).sections.flatMap((section) => section.blocks.map((block) => block.markdown));
}

describe('readMarkdown', () => {
  it('takes the first heading of level 1 as title and nests the others', () => {
    const { title, sections } = readMarkdown(
      '# Jug\n\nHello.\n\n## Care\n\nWash it.\n\n### Lid\n\nWipe it.\n\n## Parts\n\nTwo.',
    );
    assert.equal(title, 'Jug');
    assert.deepEqual(
      sections.map((section) => section.headings),
      [[], ['Care'], ['Care', 'Lid'], ['Parts']],
    );
  });

  it('keeps lists with their numbers and nesting', () => {
    assert.deepEqual(texts('3. Open it\n   - gently\n   - twice\n4. Close it'), [
      '3. Open it\n   - gently\n   - twice\n4. Close it',
    ]);
  });

  it('reads GFM tables and escapes bars in cells', () => {
    assert.deepEqual(texts('| A | B |\n|---|:-:|\n| 1 | x \\| y |'), [
      '| A | B |\n| --- | --- |\n| 1 | x \\| y |',
    ]);
  });

  it('drops images and tags but keeps their text', () => {
    assert.deepEqual(texts('A ![red lamp](lamp.png) <b onclick="x()">glows</b>.'), ['A red lamp glows.']);
    assert.deepEqual(texts('<div class="note"><script>steal()</script><p>Mind the <em>gap</em></p></div>'), [
      'Mind the *gap*',
    ]);
  });

  it('keeps links of the web and the site and takes others off', () => {
    assert.deepEqual(
      texts(
        '[a](https://x.test/y_(z)) [b](/help) [c](javascript:alert(1)) [d][ref]\n\n[ref]: mailto:a@b.test',
      ),
      ['[a](https://x.test/y_%28z%29) [b](/help) c [d](mailto:a@b.test)'],
    );
  });

  it('keeps code blocks with a fence longer than what they hold', () => {
    assert.deepEqual(texts('~~~sh\nls ``` -l\n~~~'), ['````sh\nls ``` -l\n````']);
  });

  it('removes zero-width, bidirectional and tag characters', () => {
    assert.deepEqual(texts('pay\u200bment \u202eabc\u202c \u{e0041}done\ufeff'), ['payment abc done']);
  });
});
