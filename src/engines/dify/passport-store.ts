import { isRecord } from '../../contracts/json.ts';

/** How a passport is presented: newer servers take a header of their own, older ones a bearer token. */
export type PassportStyle = 'header' | 'bearer';

/** What is kept of a visitor's standing with a Dify server between page loads. */
export interface DifyStanding {
  /** The visitor's token; null before the first call. */
  readonly passport: string | null;
  /** Null until it is known how this server takes the passport. */
  readonly style: PassportStyle | null;
  /** The conversation that is being continued, '' for a new one. */
  readonly conversationId: string;
}

/** Keeps a {@link DifyStanding}; what `get` gives back is parsed. */
export interface PassportStore {
  get(): Promise<unknown>;
  set(standing: DifyStanding): Promise<void>;
}

/** The standing of a visitor who was never here. */
export const NO_STANDING: DifyStanding = { passport: null, style: null, conversationId: '' };

/** Keeps the standing as long as the page lives. */
export function createMemoryPassportStore(): PassportStore {
  let kept: unknown = null;
  return {
    get: () => Promise.resolve(kept),
    set: (standing) => {
      kept = standing;
      return Promise.resolve();
    },
  };
}

/** Accepts a standing from storage; anything else is {@link NO_STANDING}. */
export function parseStanding(value: unknown): DifyStanding {
  if (!isRecord(value)) return NO_STANDING;
  const { passport, style, conversationId } = value;
  return {
    passport: typeof passport === 'string' && passport !== '' ? passport : null,
    style: style === 'header' || style === 'bearer' ? style : null,
    conversationId: typeof conversationId === 'string' ? conversationId : '',
  };
}
