import { isRecord } from '../../contracts/json.ts';

/** How a passport is presented: newer servers take a header of their own, older ones a bearer token. */
export type PassportStyle = 'header' | 'bearer';

/** What kind of app answers: each has endpoints of its own. */
export type DifyAppKind = 'chat' | 'completion' | 'workflow';

/** What is kept of a visitor's standing with a Dify server between page loads. */
export interface DifyStanding {
  /** The visitor's token; null before the first call, and for the service API. */
  readonly passport: string | null;
  /** Null until it is known how this server takes the passport. */
  readonly style: PassportStyle | null;
  /** The name under which the service API knows the visitor; null before the first call. */
  readonly user: string | null;
  /** Null until it is known; most are chats. */
  readonly appKind: DifyAppKind | null;
  /** The conversation that is being continued, '' for a new one. */
  readonly conversationId: string;
  /** The server's messages that answered the latest turns, oldest first. */
  readonly answers: readonly { readonly turnId: string; readonly messageId: string }[];
}

/** Keeps a {@link DifyStanding}; what `get` gives back is parsed. */
export interface PassportStore {
  get(): Promise<unknown>;
  set(standing: DifyStanding): Promise<void>;
}

/** Most answers whose messages are remembered. */
export const MAX_KEPT_ANSWERS = 50;

/** The standing of a visitor who was never here. */
export const NO_STANDING: DifyStanding = {
  passport: null,
  style: null,
  user: null,
  appKind: null,
  conversationId: '',
  answers: [],
};

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

/** Accepts a standing from storage; fields that are not valid, or were not known to an older release, are empty. */
export function parseStanding(value: unknown): DifyStanding {
  if (!isRecord(value)) return NO_STANDING;
  const { passport, style, user, appKind, conversationId, answers } = value;
  const isKind = appKind === 'chat' || appKind === 'completion' || appKind === 'workflow';
  return {
    passport: typeof passport === 'string' && passport !== '' ? passport : null,
    style: style === 'header' || style === 'bearer' ? style : null,
    user: typeof user === 'string' && user !== '' ? user : null,
    appKind: isKind ? appKind : null,
    conversationId: typeof conversationId === 'string' ? conversationId : '',
    answers: Array.isArray(answers) ? answers.flatMap(parseAnswer).slice(-MAX_KEPT_ANSWERS) : [],
  };
}

function parseAnswer(value: unknown): readonly { readonly turnId: string; readonly messageId: string }[] {
  if (!isRecord(value)) return [];
  const { turnId, messageId } = value;
  return typeof turnId === 'string' && typeof messageId === 'string' ? [{ turnId, messageId }] : [];
}
