/**
 * Lays our templates beside Jinja2 itself: the cases of test/fixtures/jinja-cases.ts, and the template steps of exported apps where
 * UNDERSTUDY_DIFY_DATA names a folder of them.
 *
 *   pip install jinja2 pyyaml
 *   UNDERSTUDY_DIFY_DATA=FOLDER node --import tsx --test test/long/jinja2.long.test.ts
 *
 * Never-run where Jinja2 is missing.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import type { JsonObject } from '../../src/contracts/json.ts';
import { renderJinja } from '../../src/sandbox/jinja/render-jinja.ts';
import { JINJA_CASES, JINJA_VALUES } from '../fixtures/jinja-cases.ts';

interface Rendered {
  readonly source: string;
  readonly values: JsonObject;
  readonly text: string | null;
}

const PROGRAM = `
import glob, json, os, sys
import jinja2
given = json.load(sys.stdin)
cases = [(source, given['values']) for source in given['sources']]
if given['folder']:
    import yaml
    for path in sorted(glob.glob(os.path.join(given['folder'], '**', '*.y*ml'), recursive=True)):
        try:
            nodes = yaml.safe_load(open(path, encoding='utf-8'))['workflow']['graph']['nodes']
        except Exception:
            continue
        for node in nodes:
            data = node.get('data') or {}
            if data.get('type') != 'template-transform':
                continue
            names = [v['variable'] for v in data.get('variables') or []]
            for value in ('text <b> "q"', ['a', '中'], {'content': 'c', 'summary': 's', 'sentiment': 'positive'}, [{'content': 'c'}], 3, None):
                cases.append((data['template'], {name: value for name in names}))
out = []
for source, values in cases:
    try:
        text = jinja2.Environment().from_string(source).render(**values)
    except Exception:
        text = None
    out.append({'source': source, 'values': values, 'text': text})
print(json.dumps(out))
`;

const input = JSON.stringify({
  sources: JINJA_CASES.map(([source]) => source),
  values: JINJA_VALUES,
  folder: process.env['UNDERSTUDY_DIFY_DATA'] ?? '',
});
const run = spawnSync('python3', ['-c', PROGRAM], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const skip = run.status === 0 ? false : 'Python with jinja2 (and pyyaml) is missing';

test('templates render as Jinja2 renders them', { skip }, (context) => {
  const rendered = JSON.parse(run.stdout) as readonly Rendered[];
  for (const { source, values, text } of rendered) {
    let ours: string | null;
    try {
      ours = renderJinja(source, values);
    } catch {
      // Where Jinja2 fails, ours must; the message is free.
      ours = null;
    }
    assert.equal(ours, text, source);
  }
  context.diagnostic(`${rendered.length} templates`);
});
