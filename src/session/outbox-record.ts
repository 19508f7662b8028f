import { isInteger, isRecord } from '../contracts/json.ts';
import type { Exchange, OutboxMessage } from '../contracts/responder.ts';
import { parseSlotValues } from '../contracts/slot.ts';

/** State of a left message; delivered ones are deleted. */
export type OutboxState = 'waiting' | 'sending' | 'unconfirmed';

/** A left message as it lies in the store. */
export interface OutboxRecord extends OutboxMessage {
  readonly state: OutboxState;
  readonly attempts: number;
  /** Not sent again before this time unless something has changed. */
  readonly nextAttemptAtMs: number;
}

/** Accepts an {@link OutboxRecord} from the store; null when it is none. */
export function parseOutboxRecord(value: unknown): OutboxRecord | null {
  if (!isRecord(value)) return null;
  const { id, text, contact, createdAtMs, transcript, slots, state, attempts, nextAttemptAtMs } = value;
  if (typeof id !== 'string' || id === '' || typeof text !== 'string' || typeof contact !== 'string')
    return null;
  if (!isInteger(createdAtMs) || !isInteger(attempts) || typeof nextAttemptAtMs !== 'number') return null;
  if (state !== 'waiting' && state !== 'sending' && state !== 'unconfirmed') return null;
  const exchanges: readonly unknown[] = Array.isArray(transcript) ? transcript : [];
  return {
    id,
    text,
    contact,
    createdAtMs,
    transcript: exchanges.map(parseExchange).filter((exchange) => exchange !== null),
    slots: parseSlotValues(slots),
    state,
    attempts,
    nextAttemptAtMs,
  };
}

function parseExchange(value: unknown): Exchange | null {
  if (!isRecord(value)) return null;
  const { question, answer } = value;
  return typeof question === 'string' && typeof answer === 'string' ? { question, answer } : null;
}
