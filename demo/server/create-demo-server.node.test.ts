import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createDemoServer } from './create-demo-server.mjs';
import { headingId, markdownToHtml } from './markdown-to-html.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('createDemoServer', () => {
  let folder = '';
  let url = '';
  let demo: ReturnType<typeof createDemoServer>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'understudy-demo-'));
    await mkdir(join(folder, 'dist/ort'), { recursive: true });
    await mkdir(join(folder, 'bundle/chunks/ab'), { recursive: true });
    await mkdir(join(folder, 'apps/it-helpdesk'), { recursive: true });
    await writeFile(join(folder, 'apps/it-helpdesk/manifest.json'), '{}');
    await writeFile(join(folder, 'dist/understudy-worker.js'), 'export {};');
    await writeFile(join(folder, 'dist/understudy-sw.js'), '');
    await writeFile(join(folder, 'dist/ort/x.wasm'), '');
    await writeFile(join(folder, 'bundle/chunks/ab/abcd'), 'bytes');
    await writeFile(join(folder, 'secret.txt'), 'secret');
    demo = createDemoServer({
      root,
      bundleFolder: join(folder, 'bundle'),
      appBundlesFolder: join(folder, 'apps'),
      distFolder: join(folder, 'dist'),
      pages: { '/extra.html': '<!doctype html><title>Extra</title>' },
      transform: (pathname: string, bytes: Uint8Array) =>
        pathname === '/mark.svg' ? Buffer.from('damaged') : bytes,
    });
    url = await demo.listen();
  });
  after(async () => {
    await demo.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('sends every page under the strict policy and workers under their own', async () => {
    for (const path of ['/', '/zh.html', '/extra.html', '/help/en/refunds.html']) {
      const answer = await fetch(url + path);
      assert.equal(answer.status, 200, path);
      assert.match(answer.headers.get('content-security-policy') ?? '', /require-trusted-types-for 'script'/);
    }
    const worker = await fetch(`${url}/understudy/understudy-worker.js`);
    assert.match(worker.headers.get('content-security-policy') ?? '', /'wasm-unsafe-eval'/);
    assert.equal((await fetch(`${url}/understudy-sw.js`)).headers.get('service-worker-allowed'), '/');
  });

  it('serves the apps: their pages, help pages, bundles and leads', async () => {
    for (const path of ['/apps/', '/apps/it-helpdesk.html', '/apps/bilingual-desk/help/zh/zaocan.html']) {
      const answer = await fetch(url + path);
      assert.equal(answer.status, 200, path);
      assert.match(answer.headers.get('content-security-policy') ?? '', /require-trusted-types-for 'script'/);
    }
    assert.equal(await (await fetch(`${url}/apps/it-helpdesk/bundle/manifest.json`)).text(), '{}');
    const passport = await fetch(`${url}/apps/it-helpdesk/lead/api/passport`, {
      headers: { 'x-app-code': 'fenbrook-demo' },
    });
    assert.equal(passport.status, 200);
    for (const path of [
      '/apps/other/bundle/manifest.json',
      '/apps/article.template.html',
      '/apps/it-helpdesk/help/en/nothing.html',
      '/apps/it-helpdesk/bundle/%2e%2e/%2e%2e/secret.txt',
    ])
      assert.equal((await fetch(url + path)).status, 404, path);
  });

  it('names the types of files, and lets what is named by its content be kept for ever', async () => {
    assert.equal(
      (await fetch(`${url}/understudy/ort/x.wasm`)).headers.get('content-type'),
      'application/wasm',
    );
    const chunk = await fetch(`${url}/bundle/chunks/ab/abcd`);
    assert.match(chunk.headers.get('cache-control') ?? '', /immutable/);
    const etag = chunk.headers.get('etag') ?? '';
    const again = await fetch(`${url}/bundle/chunks/ab/abcd`, { headers: { 'if-none-match': etag } });
    assert.equal(again.status, 304);
  });

  it('serves nothing outside of its folders', async () => {
    for (const path of [
      '/understudy/..%2fsecret.txt',
      '/understudy/%2e%2e/secret.txt',
      '/..%2fpackage.json',
      '/.env',
    ])
      assert.equal((await fetch(url + path)).status, 404, path);
    assert.equal((await fetch(`${url}/%zz`)).status, 400);
    assert.equal((await fetch(`${url}/article.template.html`)).status, 404);
  });

  it('can serve a damaged file', async () => {
    assert.equal(await (await fetch(`${url}/mark.svg`)).text(), 'damaged');
  });

  it('closes every connection but the controls while everything is cut', async () => {
    const cut = (everything: boolean): Promise<Response> =>
      fetch(`${url}/panel/cut`, { method: 'POST', body: JSON.stringify({ everything }) });
    assert.deepEqual(await (await cut(true)).json(), { everything: true });
    await assert.rejects(fetch(`${url}/`));
    await assert.rejects(fetch(`${url}/lead/api/parameters`));
    await assert.rejects(fetch(`${url}/lead/outbox`, { method: 'POST', body: '{}' }));
    assert.equal((await fetch(`${url}/panel/panel.js`)).status, 200);
    assert.equal((await fetch(`${url}/lead/control`)).status, 200);
    await cut(false);
    assert.equal((await fetch(`${url}/`)).status, 200);
  });

  it('refuses a cut that says neither yes nor no', async () => {
    assert.equal((await fetch(`${url}/panel/cut`, { method: 'POST', body: '{"everything":1}' })).status, 400);
    assert.equal((await fetch(`${url}/panel/cut`, { method: 'POST', body: '{' })).status, 400);
  });

  it('lists the scripts that a page needs without network', async () => {
    assert.deepEqual(await (await fetch(`${url}/panel/files.json`)).json(), [
      '/understudy/understudy-worker.js',
    ]);
  });
});

describe('markdownToHtml', () => {
  it('shows HTML as text and leaves addresses that run script without a link', async () => {
    const html = await markdownToHtml(
      'a <img src=x onerror=alert(1)>\n\n[b](javascript:alert(1)) [c](/d "e")',
    );
    assert.equal(html, '<p>a &lt;img src=x onerror=alert(1)&gt;</p>\n<p>b <a href="/d">c</a></p>\n');
  });

  it('gives headings ids of their own', async () => {
    assert.equal(await markdownToHtml('# A b\n## A b\n'), '<h2 id="a-b">A b</h2>\n<h2 id="a-b-2">A b</h2>\n');
    assert.equal(headingId('更换 J1 滤芯！'), '更换-j1-滤芯');
  });
});
