import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { isRecord } from '../../src/contracts/json.ts';
import { closeBrowser, play, textOf } from './stage.ts';

after(closeBrowser);

const QUESTION = 'How long do I have to return a Jug?';

describe('the page whose agent goes on answering', () => {
  it('fetches nothing but the launcher before the visitor touches it', () =>
    play({}, async ({ page, requests }) => {
      await page.waitForLoadState('networkidle');
      // The demo's controls ask the stand-in for its state; they are no part of the product.
      const controls = /\/lead\/(control|outbox)$/;
      const ours = requests.filter(
        (request) => /\/(understudy|bundle|lead)\//.test(request) && !controls.test(request),
      );
      assert.deepEqual([...new Set(ours)], ['GET /understudy/understudy.js']);
    }));

  it('streams the answer of the lead while it is up', () =>
    play({}, async (stage) => {
      await stage.open();
      const turn = await stage.ask(QUESTION);
      await turn.getByText('Answered by Fenbrook').waitFor();
      assert.deepEqual(await stage.faults(), []);
    }));

  it('answers on the device with a citation that opens its passage when the lead is cut', () =>
    play({}, async (stage) => {
      stage.setLead('cut');
      await stage.open();
      const turn = await stage.ask(QUESTION);
      await turn.getByText('Answered on your device').waitFor();
      assert.match(await textOf(turn), /30 days/);
      await turn.locator('[part~=source]').first().click();
      const passage = stage.page.locator('understudy-passage');
      await passage.locator('mark').first().waitFor();
      await stage.page.keyboard.press('Escape');
      await passage.waitFor({ state: 'detached' });
    }));

  it('keeps what was shown and completes the answer on the device when the lead dies in the middle', () =>
    play({ pace: 0.5 }, async (stage) => {
      stage.setLead('kill-mid-answer');
      await stage.open();
      const turn = await stage.ask(QUESTION);
      const answers = turn.locator('[part~=answer]');
      assert.equal(await answers.count(), 2);
      assert.notEqual((await answers.nth(0).innerText()).trim(), '');
      assert.match(await answers.nth(1).innerText(), /30 days/);
      await turn.getByText('your device goes on').waitFor();
      await turn.getByText('Answered on your device').waitFor();
    }));

  it('says honestly what the pages do not answer and delivers the left message when the lead is back', () =>
    play({}, async (stage) => {
      stage.setLead('cut');
      await stage.open();
      await stage.ask('I am visitor@example.org and I want to make a complaint about order FB-123456');
      const turn = await stage.ask('Who will win the football match in Oslo tomorrow?');
      assert.match(await textOf(turn), /could not find this in our help pages/);
      await turn.getByRole('button', { name: 'Leave a message' }).click();
      const form = stage.page.locator('understudy-leave-message');
      await form.getByText('You wrote this in the conversation').waitFor();
      const contact = form.getByLabel('E-mail address or phone number');
      assert.equal(await contact.inputValue(), 'visitor@example.org');
      await form.getByRole('button', { name: 'Send message' }).click();
      await form.getByText('Kept on this device').waitFor();
      stage.setLead('up');
      const deadline = Date.now() + 40_000;
      for (;;) {
        const received: unknown = await (await fetch(`${stage.address}/lead/outbox`)).json();
        if (Array.isArray(received) && received.length === 1) {
          const message: unknown = received[0];
          assert.deepEqual(isRecord(message) ? message['slots'] : null, [
            { name: 'email', value: 'visitor@example.org' },
            { name: 'order', value: 'FB-123456' },
          ]);
          break;
        }
        assert.ok(Date.now() < deadline, 'the message was not delivered in time');
        await stage.page.waitForTimeout(250);
      }
    }));

  it('opens and answers after a reload with everything cut', () =>
    play({}, async (stage) => {
      const { page } = stage;
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      stage.setLead('cut');
      await stage.open();
      await stage.ask(QUESTION);
      await page.waitForFunction(async () => {
        const names = await (await caches.open('understudy-assets')).keys();
        return names.filter((request) => request.url.includes('/understudy/understudy-')).length >= 4;
      });
      stage.setCut(true);
      await page.reload();
      await stage.open();
      const turn = await stage.ask('Can I put the Jug in the dishwasher?');
      await turn.getByText('Answered on your device').waitFor();
      await turn.locator('[part~=source]').first().waitFor();
    }));

  it('keeps the conversation over a reload', () =>
    play({}, async (stage) => {
      stage.setLead('cut');
      await stage.open();
      await stage.ask(QUESTION);
      await stage.page.reload();
      await stage.open();
      await stage.page.locator('understudy-turn').getByText(QUESTION).waitFor();
    }));

  it('goes back to the lead with the next turn, without a reload', () =>
    play({}, async (stage) => {
      stage.setLead('cut');
      await stage.open();
      await (await stage.ask(QUESTION)).getByText('Answered on your device').waitFor();
      stage.setLead('up');
      const deadline = Date.now() + 40_000;
      for (;;) {
        const turn = await stage.ask('How much is shipping?');
        if ((await turn.getByText('Answered by Fenbrook').count()) > 0) break;
        assert.ok(Date.now() < deadline, 'the lead was not asked again in time');
        await stage.page.waitForTimeout(1000);
      }
    }));

  it('words an answer on the device, citing its passage, once the generator is loaded', () =>
    play({}, async (stage) => {
      stage.setLead('cut');
      await stage.open();
      const state = await stage.page.evaluate(
        `document.querySelector('understudy-chat').connection.then((connection) => connection.loadGenerator())`,
      );
      assert.equal(state, 'ready');
      const worded: unknown[] = [];
      for (const question of [
        'how long have i got to send the jug back?',
        'is the tap covered when I move house?',
      ]) {
        const turn = await stage.ask(question);
        await turn.locator('[part~=source]').first().waitFor();
        worded.push(await stage.page.evaluate('globalThis.__summary.isWorded'));
      }
      assert.ok(worded.includes(true), 'no answer was worded');
      const told = await stage.page.evaluate(
        `document.querySelector('understudy-chat').diagnostics().then(({ lastTurn }) => Object.keys(lastTurn))`,
      );
      assert.ok(Array.isArray(told));
      for (const figure of ['firstTextMs', 'totalMs', 'tokensPerSecond', 'memoryBytes'])
        assert.ok(told.includes(figure));
      assert.ok(!(await stage.faults()).some((code) => code.startsWith('engine/')));
    }));

  it('says that the device prepares itself while the bundle takes long, and no longer', () =>
    play({}, async (stage) => {
      await stage.context.route('**/bundle/manifest.json', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 2500));
        await route.continue();
      });
      await stage.open();
      const notice = stage.page.getByText('Loading the help pages');
      await notice.waitFor();
      await notice.waitFor({ state: 'detached' });
    }));

  it('answers in Chinese from the Chinese pages', () =>
    play({ path: '/zh.html' }, async (stage) => {
      stage.setLead('cut');
      await stage.open();
      const turn = await stage.ask('滤水壶的滤芯多久更换一次？');
      assert.match(await textOf(turn), /\[?1\]?|4\s*周|四周|150/);
      await turn.locator('[part~=source]').first().waitFor();
    }));
});
