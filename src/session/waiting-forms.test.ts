import { expect } from '@open-wc/testing';
import { WaitingForms } from './waiting-forms.ts';

const submission = { formId: 'f', action: 'ok', values: { a: 1 } };

describe('WaitingForms', () => {
  it('leads a form to whoever waits for it, for as long as it does', async () => {
    const forms = new WaitingForms();
    expect(await forms.submit(submission)).to.equal(false);
    const taken: unknown[] = [];
    const remove = forms.add('f', (given) => {
      taken.push(given);
      return true;
    });
    expect(await forms.submit({ ...submission, formId: 'other' })).to.equal(false);
    expect(await forms.submit(submission)).to.equal(true);
    expect(taken).to.deep.equal([submission]);
    remove();
    expect(await forms.submit(submission)).to.equal(false);
  });

  it('lets a later one take over, which an earlier one does not remove', async () => {
    const forms = new WaitingForms();
    const remove = forms.add('f', () => false);
    forms.add('f', () => Promise.resolve(true));
    remove();
    expect(await forms.submit(submission)).to.equal(true);
  });
});
