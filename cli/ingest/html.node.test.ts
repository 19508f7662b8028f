import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHtml } from './html.ts';

function texts(html: string): string[] {
  return readHtml(html).sections.flatMap((section) => section.blocks.map((block) => block.markdown));
}

describe('readHtml', () => {
  it('reads title, language and address, and only the main content', () => {
    const page = readHtml(`<!doctype html><html lang="de-AT"><head><title>Rückgabe | Shop</title>
      <link rel="canonical" href="/hilfe/rueckgabe"></head><body><nav>Start</nav><main><h1>Rückgabe</h1><p>30 Tage.</p>
      <aside>Werbung</aside><h2>Kosten</h2><p>Keine.</p></main><footer>Impressum</footer></body></html>`);
    assert.equal(page.title, 'Rückgabe');
    assert.equal(page.language, 'de-AT');
    assert.equal(page.url, '/hilfe/rueckgabe');
    assert.deepEqual(
      page.sections.map(({ headings, blocks }) => [headings, blocks.map((block) => block.markdown)]),
      [
        [[], ['30 Tage.']],
        [['Kosten'], ['Keine.']],
      ],
    );
  });

  it('leaves out hidden elements, scripts, styles and forms', () => {
    assert.deepEqual(
      texts(`<p>Seen</p><p hidden>a</p><p aria-hidden="true">b</p><p style="display: none">c</p><script>d</script>
        <style>e</style><template>f</template><form>g</form><div style="font-size:0">h</div>`),
      ['Seen'],
    );
  });

  it('reads lists, tables, code and definition lists', () => {
    assert.deepEqual(texts('<ol start="2"><li>Open<ul><li>left</li></ul></li><li>Shut</li></ol>'), [
      '2. Open\n   - left\n3. Shut',
    ]);
    assert.deepEqual(
      texts(
        '<table><caption>Prices</caption><tr><th>Jug</th><th>Tap</th></tr><tr><td>£34</td><td>£2|3</td></tr></table>',
      ),
      ['Prices', '| Jug | Tap |\n| --- | --- |\n| £34 | £2\\|3 |'],
    );
    assert.deepEqual(texts('<pre>a\n  b</pre>'), ['```\na\n  b\n```']);
    assert.deepEqual(texts('<dl><dt>Jug</dt><dd>holds water</dd></dl>'), ['- **Jug**: holds water']);
  });

  it('keeps text outside of paragraphs and inside layout tables', () => {
    assert.deepEqual(texts('<div>Loose <b>text</b><p>Para</p>tail</div>'), [
      'Loose **text**',
      'Para',
      'tail',
    ]);
    assert.deepEqual(texts('<table><tr><td><p>Layout</p></td></tr></table>'), ['Layout']);
  });

  it('survives broken markup', () => {
    assert.deepEqual(texts('<p>a<div>b</p><li>c</td>'), ['a', 'b', 'c']);
  });

  it('puts a blank between the words that a table lets out', () => {
    assert.deepEqual(texts('<table><span>one</span> <tr>two</tr> <b>three</b></table>'), [
      'one two **three**',
    ]);
    assert.deepEqual(texts('<table>one<tr>two three</table>'), ['one two three']);
  });
});
