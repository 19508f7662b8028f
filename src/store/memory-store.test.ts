import { runStoreContract } from '../../test/contract/store.ts';
import { createMemoryStore } from './memory-store.ts';

runStoreContract('the memory store', () => Promise.resolve(createMemoryStore()), { persistence: 'memory' });
