import type { Json, JsonObject } from '../contracts/json.ts';
import { isJson } from '../contracts/json.ts';
import type { Store } from '../contracts/store.ts';
import type { ConversationVariables } from '../plan/step-handler.ts';
import type { PlanValue } from '../plan/plan-value.ts';

const PREFIX = 'conversation ';
const ID_KEY = 'session-id';

/** Variables of the conversation and the id of the session, as they are kept on this device until they are erased. */
export interface KeptConversation extends ConversationVariables {
  /** UUID of the session; made when it is first asked for. */
  id(): Promise<string>;
  /** Forgets everything. */
  erase(): Promise<void>;
}

/**
 * Keeps the variables of a conversation, one record each, so that tabs do not undo each other's.
 *
 * @param onFault - Told when the store fails; the values then live as long as the page.
 */
export function keepConversation(store: Store, onFault: (error: unknown) => void): KeptConversation {
  /** What this page wrote and the store did not take. */
  const own = new Map<string, Json>();
  let id: Promise<string> | null = null;

  const readId = async (): Promise<string> => {
    try {
      const kept = await store.get('settings', ID_KEY);
      if (typeof kept === 'string' && kept !== '') return kept;
    } catch (error) {
      onFault(error);
    }
    const made = crypto.randomUUID();
    await store.set('settings', ID_KEY, made).catch(onFault);
    return made;
  };

  return {
    read: async () => {
      const found = new Map<string, Json>();
      try {
        const keys = (await store.keys('settings')).filter((key) => key.startsWith(PREFIX));
        const values = await Promise.all(keys.map((key) => store.get('settings', key)));
        for (const [index, key] of keys.entries()) {
          const value = values[index];
          if (isJson(value)) found.set(key.slice(PREFIX.length), value);
        }
      } catch (error) {
        onFault(error);
      }
      for (const [name, value] of own) found.set(name, value);
      return Object.fromEntries(found) satisfies JsonObject;
    },
    write: async (name: string, value: PlanValue) => {
      if (!isJson(value)) return;
      own.set(name, value);
      try {
        await store.set('settings', `${PREFIX}${name}`, value);
        // From now on the store tells, and so do other tabs.
        if (own.get(name) === value) own.delete(name);
      } catch (error) {
        onFault(error);
      }
    },
    id: () => (id ??= readId()),
    erase: async () => {
      own.clear();
      id = null;
      const keys = (await store.keys('settings')).filter((key) => key.startsWith(PREFIX) || key === ID_KEY);
      await store.transact(keys.map((key) => ({ type: 'delete', collection: 'settings', key })));
    },
  };
}
