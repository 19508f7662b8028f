import { isUnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import type { DifyConnection } from './dify-connection.ts';
import type { DifyAppKind } from './passport-store.ts';

const TIMEOUT_MS = 4000;
/** Codes with which a server says that the app is of another kind. */
const WRONG_KINDS: ReadonlySet<unknown> = new Set(['not_chat_app', 'not_completion_app', 'not_workflow_app']);

/** True when a server refused a request because its app is of another kind. */
export function isWrongKind(error: unknown): boolean {
  return isUnderstudyError(error) && WRONG_KINDS.has(error.facts['code']);
}

/**
 * Finds out what kind of app answers, by reads that change nothing.
 * @throws UnderstudyError `lead/*` when the server cannot be asked; the signal's reason when aborted.
 */
export async function findAppKind(
  connection: DifyConnection,
  options: { readonly signal?: AbortSignal } = {},
): Promise<DifyAppKind> {
  const shared = { method: 'GET', timeoutMs: TIMEOUT_MS, ...options } as const;
  if (connection.flavor === 'service') {
    const info = await connection.sendForJson({ ...shared, path: '/info' });
    return toKind(isRecord(info) ? info['mode'] : null);
  }
  // The Web API does not name the kind, but each kind has lists of its own.
  const query = { limit: '1' };
  const has = async (path: string): Promise<boolean> => {
    try {
      await connection.sendForJson({ ...shared, path, query });
      return true;
    } catch (error) {
      if (isWrongKind(error)) return false;
      throw error;
    }
  };
  if (await has('/conversations')) return 'chat';
  return (await has('/saved-messages')) ? 'completion' : 'workflow';
}

function toKind(mode: unknown): DifyAppKind {
  return mode === 'workflow' || mode === 'completion' ? mode : 'chat';
}
