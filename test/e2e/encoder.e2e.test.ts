import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCommand } from '../node/run-command.ts';
import { sampleFolders } from '../node/sample-folder.ts';
import { closeBrowser, play, textOf } from './stage.ts';

const samples = sampleFolders();
after(() => samples.removeAll());
after(closeBrowser);

/** The page says "workshop" and "open", and "closed" of holidays: neither its words nor the thesaurus lead there surely enough. */
const QUESTION = 'What time does the shop close?';

/** Asks the element until it says so; a test that takes too long ends by itself. */
const ENCODER_IS_READY = `new Promise((resolve, reject) => {
  const chat = document.querySelector('understudy-chat');
  const look = () =>
    chat.diagnostics().then(({ encoder }) => {
      if (encoder === 'ready') resolve();
      else if (encoder === 'failed') reject(new Error('the encoder failed'));
      else requestAnimationFrame(look);
    }, reject);
  look();
})`;

describe('a bundle with the encoder', { timeout: 60_000 }, () => {
  let [withEncoder, byWords] = ['', ''];

  before(async () => {
    const pages = samples.make({
      'delivery.md':
        '# Delivery\n\nParcels leave our warehouse the same day if ordered before 2 pm. Delivery within the country takes two working days.\n',
      'returns.md':
        '# Sending goods back\n\nYou may send goods back within 30 days of receiving them. We credit the purchase price to your card as soon as they reach our warehouse.\n',
      'care.md':
        '# Care of pans\n\nWash the pan by hand with warm water. Steel wool scratches the coating, and in a dishwasher it turns dull.\n',
      'hours.md':
        '# Opening hours\n\nThe workshop in Bergen is open from Monday to Saturday, 10 to 18. On public holidays it is closed.\n',
    });
    const build = async (...options: readonly string[]): Promise<string> => {
      const folder = join(samples.make(), 'bundle');
      const { status, notes } = await runCommand(['build', pages, '--out', folder, ...options]);
      assert.equal(status, 0, notes);
      return folder;
    };
    withEncoder = await build('--encoder', 'default');
    byWords = await build();
  });

  it('answers in the page what is asked in other words, once the encoder has come unasked', () =>
    play({ bundleFolder: withEncoder }, async (stage) => {
      stage.setLead('cut');
      await stage.open();
      await stage.page.evaluate(ENCODER_IS_READY);
      const turn = await stage.ask(QUESTION);
      await turn.getByText('Answered on your device').waitFor();
      assert.match(await textOf(turn), /10 to 18/);
      assert.match(await turn.locator('[part~=source]').first().innerText(), /Opening hours/);
      assert.deepEqual(
        (await stage.faults()).filter((code) => !code.startsWith('lead/')),
        [],
      );
    }));

  it('would say that the pages do not hold it, without one', () =>
    play({ bundleFolder: byWords }, async (stage) => {
      stage.setLead('cut');
      await stage.open();
      assert.match(await textOf(await stage.ask(QUESTION)), /could not find this in our help pages/);
    }));
});
