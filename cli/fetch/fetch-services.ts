import type { Clock } from '../../src/contracts/clock.ts';

/** What fetching from hosts needs of its surroundings; injected so that tests own it. */
export interface FetchServices {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}
