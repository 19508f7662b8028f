import type { Clock } from '../contracts/clock.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Lead } from '../contracts/responder.ts';
import type { OutboxSender } from './outbox.ts';

const SEND_TIMEOUT_MS = 15_000;

/** Posts messages as JSON with an Idempotency-Key; any 2xx counts as delivered. */
export function createUrlSender(
  url: string,
  dependencies: {
    readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
    readonly clock: Clock;
  },
): OutboxSender {
  const { fetch, clock } = dependencies;
  return {
    canDedupe: true,
    send: async (message, signal) => {
      const sending = new AbortController();
      const waiting = new AbortController();
      const stop = (): void => sending.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      clock
        .sleep(SEND_TIMEOUT_MS, { signal: waiting.signal })
        .then(() => sending.abort())
        .catch(() => undefined);
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': message.id },
          body: JSON.stringify(message),
          credentials: 'omit',
          cache: 'no-store',
          signal: sending.signal,
        });
        response.body?.cancel().catch(() => undefined);
        if (response.ok) return 'delivered';
        throw new UnderstudyError(
          'outbox/undeliverable',
          `The outbox address answered with ${String(response.status)}.`,
          { facts: { status: response.status } },
        );
      } finally {
        waiting.abort();
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

/** Hands messages to the lead, which cannot dedupe. */
export function createLeadSender(lead: Lead): OutboxSender {
  return { canDedupe: false, send: (message, signal) => lead.deliver(message, { signal }) };
}
