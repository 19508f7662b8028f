import type { Store } from '../contracts/store.ts';
import type { PassportStore } from '../engines/dify/passport-store.ts';

/** Keeps a visitor's standing with a Dify server in the store's settings, one record an app code. */
export function storedPassports(store: Store, appCode: string): PassportStore {
  const key = `dify ${appCode}`;
  return {
    get: () => store.get('settings', key),
    set: (standing) => store.set('settings', key, standing),
  };
}
