import { expect } from '@open-wc/testing';
import { expectCode, readAnswer, testTurn } from '../../test/contract/responder.ts';
import { FakeDify, leadOf } from '../engines/dify/fake-dify.ts';
import { createLazyLead } from './lazy-lead.ts';

describe('createLazyLead', () => {
  it('loads the lead once, when it is asked first', async () => {
    let loads = 0;
    const lead = createLazyLead('dify', () => {
      loads += 1;
      return Promise.resolve(leadOf(new FakeDify()));
    });
    expect(loads).to.equal(0);
    await Promise.all([lead.probe(), lead.describe(), lead.history()]);
    const turn = testTurn();
    expect((await readAnswer(lead, turn)).text).to.equal('Hello.');
    expect(await lead.feedback(turn.id, 'like')).to.equal(true);
    expect(await lead.submitForm({ formId: 'f', action: 'a', values: {} })).to.equal(false);
    expect(loads).to.equal(1);
  });

  it('cannot be reached while its code cannot be loaded, and tries again', async () => {
    let isThere = false;
    const lead = createLazyLead('dify', () =>
      isThere ? Promise.resolve(leadOf(new FakeDify())) : Promise.reject(new TypeError('Failed to fetch')),
    );
    await expectCode(lead.probe(), 'lead/unreachable');
    await expectCode(readAnswer(lead, testTurn()), 'lead/unreachable');
    isThere = true;
    await lead.probe();
  });
});
