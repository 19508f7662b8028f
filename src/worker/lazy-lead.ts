import { UnderstudyError } from '../contracts/errors.ts';
import type { Lead } from '../contracts/responder.ts';

/**
 * Makes a lead whose code is fetched when it is needed first: pages without one, and those that never ask it, do without.
 *
 * Code that cannot be fetched counts as a lead that cannot be reached; the next call tries again.
 */
export function createLazyLead(id: string, load: () => Promise<Required<Lead>>): Required<Lead> {
  let loading: Promise<Required<Lead>> | null = null;
  const loaded = (): Promise<Required<Lead>> => {
    loading ??= load().catch((cause: unknown) => {
      loading = null;
      throw new UnderstudyError('lead/unreachable', 'The script that speaks with the lead was not loaded.', {
        cause,
      });
    });
    return loading;
  };
  return {
    contract: 1,
    id,
    kind: 'lead',
    async *respond(turn, options) {
      options?.signal?.throwIfAborted();
      yield* (await loaded()).respond(turn, options);
    },
    probe: async (options) => (await loaded()).probe(options),
    deliver: async (message, options) => (await loaded()).deliver(message, options),
    feedback: async (turnId, rating, options) => (await loaded()).feedback(turnId, rating, options),
    submitForm: async (submission, options) => (await loaded()).submitForm(submission, options),
    history: async (options) => (await loaded()).history(options),
    describe: async (options) => (await loaded()).describe(options),
  };
}
