import { UnderstudyError } from '../contracts/errors.ts';
import { MAX_TURN_LENGTH } from '../contracts/turn.ts';

/** Why a question or message of the visitor is not taken, `turn/empty` or `turn/too-long`; null when it is. */
export function textRefusal(text: string): UnderstudyError | null {
  if (text.trim() === '') return new UnderstudyError('turn/empty', 'There is no text.');
  if (text.length <= MAX_TURN_LENGTH) return null;
  return new UnderstudyError('turn/too-long', `The text has ${String(text.length)} characters.`, {
    facts: { length: text.length, limit: MAX_TURN_LENGTH },
  });
}
