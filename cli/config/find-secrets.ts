import { lineAndColumn } from '../ingest/source-error.ts';

/** A place where a text seems to hold a secret. */
export interface FoundSecret {
  /** What it looks like, with its article. */
  readonly kind: string;
  readonly line: number;
  readonly column: number;
}

const PATTERNS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['a Dify API key', /\b(?:app|dataset)-[A-Za-z0-9]{16,}/g],
  ['an API key', /\bsk-(?:[a-z]+-)*[A-Za-z0-9_]{16,}/g],
  ['an access token', /\bBearer\s+[A-Za-z0-9._~+/-]{16,}/g],
  ['a cloud access key', /\bAKIA[0-9A-Z]{16}\b/g],
  ['a repository token', /\bgh[pousr]_[A-Za-z0-9]{30,}/g],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g],
];

/** Finds strings that look like keys, tokens and private keys, in order of their place. */
export function findSecrets(text: string): readonly FoundSecret[] {
  return PATTERNS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)]
      // A word of letters alone, such as "app-developmentguidelines", is no key.
      .filter(([match]) => match.startsWith('-----') || /\d/.test(match))
      .map((match) => ({ kind, ...lineAndColumn(text, match.index) })),
  ).sort((a, b) => a.line - b.line || a.column - b.column);
}
