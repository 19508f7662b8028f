import { expect } from '@open-wc/testing';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { FormValueStore } from './form-values.ts';
import { parseValues, sessionFormValues } from './form-values.ts';
import { formKey, pageValues } from './page-values.ts';
import { StartForm } from './start-form.ts';

const field = (changes: Partial<FormField>): FormField => ({
  name: 'order',
  label: 'Order number',
  type: 'text',
  isRequired: true,
  maxLength: 10,
  options: [],
  default: null,
  ...changes,
});
const FIELDS: readonly FormField[] = [
  field({}),
  field({ name: 'plan', type: 'select', options: ['basic', 'pro'], isRequired: false, default: 'basic' }),
  field({ name: 'seats', type: 'number', isRequired: false }),
];

/** A store that the test can look into. */
class FakeStore implements FormValueStore {
  readonly kept = new Map<string, JsonObject>();
  load(key: string): JsonObject | null {
    return this.kept.get(key) ?? null;
  }
  save(key: string, values: JsonObject | null): void {
    if (values === null) this.kept.delete(key);
    else this.kept.set(key, values);
  }
}

function make(inputs: JsonObject = {}, prefill: JsonObject = {}, store = new FakeStore()): StartForm {
  const form = new StartForm({ page: () => ({ inputs, prefill }), key: 'k', store });
  form.setFields(FIELDS);
  return form;
}

describe('StartForm', () => {
  it('asks nothing while the app asks nothing', () => {
    const form = new StartForm();
    expect(form.isNeeded).to.equal(false);
    expect(form.inputs).to.deep.equal({});
  });

  it('is needed until it was submitted, and sends defaults before', () => {
    const form = make();
    expect(form.isNeeded).to.equal(true);
    expect(form.inputs).to.deep.equal({ plan: 'basic' });
    form.submit({ order: 'F-1', plan: 'pro', seats: null });
    expect(form.isNeeded).to.equal(false);
    expect(form.inputs).to.deep.equal({ order: 'F-1', plan: 'pro' });
  });

  it('remembers what was filled in, for the session', () => {
    const store = new FakeStore();
    make({}, {}, store).submit({ order: 'F-1' });
    const again = make({}, {}, store);
    expect(again.isNeeded).to.equal(false);
    expect(again.values).to.deep.equal({ order: 'F-1' });
    again.erase();
    expect(store.kept.size).to.equal(0);
    expect(again.isNeeded).to.equal(true);
  });

  it('sends what was filled in before a reload also while the fields are not known yet', () => {
    const store = new FakeStore();
    make({}, {}, store).submit({ order: 'F-1', plan: 'pro', seats: null });
    const again = new StartForm({
      page: () => ({ inputs: { plan: 'basic' }, prefill: {} }),
      key: 'k',
      store,
    });
    expect(again.isNeeded).to.equal(false);
    expect(again.inputs).to.deep.equal({ order: 'F-1', plan: 'basic' });
  });

  it('does not ask what the page has filled in, and sends everything the page gives', () => {
    const form = make({ order: 'F-9', visitor: 'known' });
    expect(form.asked.map(({ name }) => name)).to.deep.equal(['plan', 'seats']);
    form.submit({ plan: 'pro' });
    expect(form.inputs).to.deep.equal({ order: 'F-9', visitor: 'known', plan: 'pro' });
  });

  it('asks all the same when what the page gives does not fit', () => {
    const form = make({ order: 'much too long for this', plan: 'gold' });
    expect(form.asked.map(({ name }) => name)).to.deep.equal(['order', 'plan', 'seats']);
    expect(form.inputs).to.deep.equal({ plan: 'basic' });
  });

  it('is not needed when the page fills in everything', () => {
    const form = make({ order: 'F-9', plan: 'pro', seats: 3 });
    expect(form.isNeeded).to.equal(false);
    expect(form.inputs).to.deep.equal({ order: 'F-9', plan: 'pro', seats: 3 });
  });

  it('begins with what the page suggests, which the visitor may change', () => {
    const form = make({}, { order: 'F-2' });
    expect(form.isNeeded).to.equal(true);
    expect(form.values).to.deep.equal({ order: 'F-2' });
    form.submit({ order: 'F-3' });
    expect(form.values).to.deep.equal({ order: 'F-3' });
  });

  it('asks again when what was filled in no longer fits the form', () => {
    const store = new FakeStore();
    store.save('k', { order: 'F-1', plan: 'gone' });
    expect(make({}, {}, store).isNeeded).to.equal(true);
    store.save('k', { plan: 'pro' });
    expect(make({}, {}, store).isNeeded).to.equal(true);
  });

  it('does not ask again for a file that could not be sent', () => {
    const form = new StartForm();
    form.setFields([field({ name: 'photo', type: 'file' })]);
    form.submit({ photo: null });
    expect(form.isNeeded).to.equal(false);
  });
});

describe('pageValues', () => {
  it('reads properties, then attributes, and nothing from what is neither', () => {
    const host = document.createElement('div');
    expect(pageValues(host)).to.deep.equal({ inputs: {}, prefill: {} });
    host.setAttribute('inputs', '{"order":"F-1"}');
    host.setAttribute('prefill', 'not json');
    expect(pageValues(host)).to.deep.equal({ inputs: { order: 'F-1' }, prefill: {} });
    Object.assign(host, { inputs: { order: 'F-2' }, prefill: [1] });
    expect(pageValues(host)).to.deep.equal({ inputs: { order: 'F-2' }, prefill: {} });
  });

  it('names an element by the address of its bundle, else of its lead', () => {
    expect(formKey(Object.assign(document.createElement('div'), { bundle: '/b/' }))).to.equal(
      new URL('/b/', document.baseURI).href,
    );
    expect(formKey(Object.assign(document.createElement('div'), { lead: 'dify:x' }))).to.equal('dify:x');
    expect(formKey(document.createElement('div'))).to.equal(document.baseURI);
  });
});

describe('sessionFormValues', () => {
  afterEach(() => sessionStorage.clear());

  it('keeps values and forgets them', () => {
    sessionFormValues.save('a', { x: 1 });
    expect(sessionFormValues.load('a')).to.deep.equal({ x: 1 });
    sessionFormValues.save('a', null);
    expect(sessionFormValues.load('a')).to.equal(null);
  });

  it('takes damaged values for none', () => {
    for (const text of ['', '{', '[]', '"x"', 'null']) expect(parseValues(text)).to.equal(null);
  });
});
