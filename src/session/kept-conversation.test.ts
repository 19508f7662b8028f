import { expect } from '@open-wc/testing';
import type { Store } from '../contracts/store.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { keepConversation } from './kept-conversation.ts';

const quiet = (): void => undefined;

describe('keepConversation', () => {
  it('keeps variables and the id of the session from page to page', async () => {
    const store = createMemoryStore();
    const first = keepConversation(store, quiet);
    await first.write('name', 'Ada');
    await first.write('seen', ['a', 1]);
    const id = await first.id();
    const second = keepConversation(store, quiet);
    expect(await second.read()).to.deep.equal({ name: 'Ada', seen: ['a', 1] });
    expect(await second.id()).to.equal(id);
  });

  it('sees what another tab wrote later', async () => {
    const store = createMemoryStore();
    const here = keepConversation(store, quiet);
    const there = keepConversation(store, quiet);
    await here.write('n', 1);
    await there.write('n', 2);
    await there.write('m', 3);
    expect(await here.read()).to.deep.equal({ n: 2, m: 3 });
  });

  it('lives as long as the page when the store fails, and tells of it', async () => {
    const faults: unknown[] = [];
    const broken: Store = {
      ...createMemoryStore(),
      get: () => Promise.reject(new Error('no')),
      set: () => Promise.reject(new Error('no')),
      keys: () => Promise.reject(new Error('no')),
    };
    const kept = keepConversation(broken, (error) => faults.push(error));
    await kept.write('name', 'Ada');
    expect(await kept.read()).to.deep.equal({ name: 'Ada' });
    expect(await kept.id()).to.equal(await kept.id());
    expect(faults).to.not.have.length(0);
  });

  it('forgets everything but what others keep in the same place', async () => {
    const store = createMemoryStore();
    await store.set('settings', 'other', 1);
    const kept = keepConversation(store, quiet);
    await kept.write('name', 'Ada');
    const id = await kept.id();
    await kept.erase();
    expect(await kept.read()).to.deep.equal({});
    expect(await kept.id()).to.not.equal(id);
    expect(await store.get('settings', 'other')).to.equal(1);
  });
});
