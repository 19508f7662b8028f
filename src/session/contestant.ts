import { UnderstudyError } from '../contracts/errors.ts';
import type { RespondOptions, Responder, ResponderOutcome, ResponderPart } from '../contracts/responder.ts';
import type { ResponderKind, TurnRequest } from '../contracts/turn.ts';
import type { Mailbox } from './mailbox.ts';

/** What happens to a responder while it answers. */
export type ResponderHappening =
  | {
      readonly type: 'part';
      readonly from: ResponderKind;
      readonly part: Exclude<ResponderPart, { type: 'end' }>;
    }
  | { readonly type: 'ended'; readonly from: ResponderKind; readonly outcome: ResponderOutcome }
  | { readonly type: 'failed'; readonly from: ResponderKind; readonly error: unknown };

/** How {@link startContestant} runs a responder. */
export interface ContestantOptions extends RespondOptions {
  readonly signal: AbortSignal;
}

/**
 * Runs a responder and posts what happens; ends with exactly one `ended` or `failed`, whatever the responder does,
 * unless it does nothing at all, for which the caller keeps the time.
 */
export function startContestant(
  responder: Responder,
  turn: TurnRequest,
  options: ContestantOptions,
  mailbox: Pick<Mailbox<ResponderHappening>, 'send'>,
): void {
  const from = responder.kind;
  const run = async (): Promise<void> => {
    for await (const part of responder.respond(turn, options)) {
      if (options.signal.aborted) return;
      if (part.type === 'end') {
        mailbox.send({ type: 'ended', from, outcome: part.outcome });
        return;
      }
      mailbox.send({ type: 'part', from, part });
    }
    const code = from === 'lead' ? 'lead/interrupted' : 'plan/no-answer';
    throw new UnderstudyError(code, 'The answer stopped without an end.');
  };
  run().catch((error: unknown) => {
    mailbox.send({ type: 'failed', from, error });
  });
}
