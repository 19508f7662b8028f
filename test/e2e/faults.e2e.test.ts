import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createDemoServer } from '../../demo/server/create-demo-server.mjs';
import { fileURLToPath } from 'node:url';
import type { Stage } from './stage.ts';
import { closeBrowser, play, textOf } from './stage.ts';

after(closeBrowser);

const QUESTION = 'How long do I have to return a Jug?';
const tag = (attributes: string): string =>
  `<understudy-chat ${attributes}><a href="/help/en/contact-us.html">Contact</a></understudy-chat>`;
const pageWith = (body: string, script = '/understudy/understudy.js'): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title><body><h1>Test</h1>${body}<script type="module" src="${script}"></script></body></html>`;

/** Removes the element and adds it again 50 times, each in a task of its own. */
const REMOVE_AND_ADD = `(async () => {
  const element = document.querySelector('understudy-chat');
  const { parentElement } = element;
  for (let count = 0; count < 50; count += 1) {
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 0));
    parentElement.append(element);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
})()`;

async function answersOnDevice(stage: Stage): Promise<void> {
  const turn = await stage.ask(QUESTION);
  await turn.getByText('Answered on your device').waitFor();
  assert.match(await textOf(turn), /30 days/);
}

describe('a page where something is missing', () => {
  it('answers without workers, with the code worker/blocked', () =>
    play({ initScript: 'delete globalThis.Worker;' }, async (stage) => {
      stage.setLead('cut');
      await stage.open();
      await answersOnDevice(stage);
      assert.ok((await stage.faults()).includes('worker/blocked'));
    }));

  it('answers where a policy forbids workers, with the code worker/blocked', () =>
    play(
      {
        headers: (_, headers) => {
          const policy = headers['content-security-policy'];
          return policy === undefined
            ? headers
            : {
                ...headers,
                'content-security-policy': policy.replace("worker-src 'self'", "worker-src 'none'"),
              };
        },
      },
      async (stage) => {
        stage.setLead('cut');
        await stage.open();
        await answersOnDevice(stage);
        assert.ok((await stage.faults()).includes('worker/blocked'));
      },
    ));

  it('answers without IndexedDB, with the code store/unavailable', () =>
    play(
      {
        transform: (pathname, bytes) =>
          pathname === '/understudy/understudy-worker.js'
            ? Buffer.concat([
                Buffer.from('Object.defineProperty(globalThis, "indexedDB", { value: undefined });\n'),
                bytes,
              ])
            : bytes,
      },
      async (stage) => {
        stage.setLead('cut');
        await stage.open();
        await answersOnDevice(stage);
        assert.ok((await stage.faults()).includes('store/unavailable'));
      },
    ));

  it('answers without SharedArrayBuffer', () =>
    play({ initScript: 'delete globalThis.SharedArrayBuffer;' }, async (stage) => {
      stage.setLead('cut');
      assert.equal(await stage.page.evaluate(() => globalThis.crossOriginIsolated), false);
      await stage.open();
      await answersOnDevice(stage);
      assert.deepEqual(await stage.faults(), ['lead/unreachable']);
    }));

  it('works under a policy without unsafe-inline and unsafe-eval and with Trusted Types, with no violation', () =>
    play({}, async (stage) => {
      const violations: string[] = [];
      stage.page.on('console', (message) => {
        if (/Content Security Policy|TrustedScript|Trusted Type/i.test(message.text()))
          violations.push(message.text());
      });
      await stage.open();
      await stage.ask(QUESTION);
      const response = await stage.page.request.get(stage.address);
      const policy = response.headers()['content-security-policy'] ?? '';
      assert.doesNotMatch(policy, /unsafe-(inline|eval)/);
      assert.deepEqual(violations, []);
    }));

  it('answers from a script of another origin', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const other = createDemoServer({
      root,
      distFolder: `${root}dist`,
      bundleFolder: `${root}.cache/demo-bundle`,
      headers: (_, headers) => ({
        ...headers,
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      }),
    });
    const origin = await other.listen(0);
    try {
      const html = pageWith(tag('bundle="/bundle/"'), `${origin}/understudy/understudy.js`);
      await play(
        {
          path: '/other.html',
          pages: { '/other.html': html },
          headers: (pathname, headers) => {
            if (pathname !== '/other.html') return headers;
            return Object.fromEntries(
              Object.entries(headers).filter(([name]) => name !== 'content-security-policy'),
            );
          },
        },
        async (stage) => {
          await stage.open();
          await answersOnDevice(stage);
          assert.deepEqual(await stage.faults(), []);
        },
      );
    } finally {
      await other.close();
    }
  });

  it('tells a damaged bundle file by its code and stays usable through the lead', () =>
    play(
      {
        transform: (pathname, bytes) => {
          if (!/^\/bundle\/(chunks|files)\//.test(pathname)) return bytes;
          const damaged = Uint8Array.from(bytes);
          damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0xff;
          return damaged;
        },
      },
      async (stage) => {
        await stage.open();
        const turn = await stage.ask(QUESTION);
        await turn.getByText('Answered by', { exact: false }).first().waitFor();
        assert.ok((await stage.faults()).some((code) => code.startsWith('bundle/')));
      },
    ));

  it('loses no typed text when lead and bundle are both gone', () =>
    play(
      { transform: (pathname, bytes) => (pathname.startsWith('/bundle/') ? null : bytes) },
      async (stage) => {
        stage.setLead('cut');
        await stage.open();
        const turn = await stage.ask(QUESTION);
        assert.match(await textOf(turn), new RegExp(QUESTION.replace('?', '\\?')));
        await turn.getByRole('button', { name: 'Ask again' }).waitFor();
        await turn.getByRole('button', { name: 'Leave a message' }).waitFor();
        assert.ok((await stage.faults()).includes('bundle/not-found'));
      },
    ));

  it('answers on the device when the lead returns HTML, with the code lead/bad-response', () =>
    play({}, async (stage) => {
      stage.setLead('html');
      await stage.open();
      await answersOnDevice(stage);
      assert.ok((await stage.faults()).includes('lead/bad-response'));
    }));

  it('answers on the device when the lead is too slow', () =>
    play({ pace: 1 }, async (stage) => {
      stage.setLead('slow');
      await stage.open();
      await answersOnDevice(stage);
    }));

  it('keeps two tags on one page apart', () =>
    play(
      {
        path: '/two.html',
        pages: {
          '/two.html': pageWith(
            tag('bundle="/bundle/" id="a"') + tag('bundle="/bundle/" id="b" position="start"'),
          ),
        },
      },
      async (stage) => {
        const first = stage.page.locator('#a');
        const second = stage.page.locator('#b');
        await first.getByRole('button').first().click();
        await first.getByRole('textbox').first().fill(QUESTION);
        await first.getByRole('textbox').first().press('Enter');
        await first.getByText('Answered on your device').waitFor();
        assert.equal(await second.locator('understudy-turn').count(), 0);
        await second.getByRole('button').first().click();
        await second.getByRole('dialog').waitFor();
      },
    ));

  it('survives being removed and added 50 times and keeps what was typed', () =>
    play({}, async (stage) => {
      const field = await stage.open();
      await field.fill('half a question');
      await stage.page.evaluate(REMOVE_AND_ADD);
      stage.setLead('cut');
      const again = stage.page.getByRole('dialog').getByRole('textbox').first();
      await again.waitFor();
      assert.equal(await again.inputValue(), 'half a question');
      await answersOnDevice(stage);
      // A terminated worker is gone a moment later; one that stayed would let this time out.
      while (stage.page.workers().length > 1)
        await Promise.race(stage.page.workers().map((worker) => worker.waitForEvent('close')));
      assert.equal(stage.page.workers().length, 1);
    }));
});
