/** A place where a text seems to hold a secret. */
export interface FoundSecret {
  /** What it looks like, with its article. */
  readonly kind: string;
  readonly line: number;
  readonly column: number;
}

const PATTERNS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['a Dify API key', /\b(?:app|dataset)-[A-Za-z0-9]{16,}/g],
  ['an API key', /\bsk-(?:[a-z]{1,20}-){0,8}[A-Za-z0-9_]{16,}/g],
  ['an access token', /\bBearer\s+[A-Za-z0-9._~+/-]{16,}/g],
  ['a cloud access key', /\bAKIA[0-9A-Z]{16}\b/g],
  ['a repository token', /\bgh[pousr]_[A-Za-z0-9]{30,}/g],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g],
];

/** Finds strings that look like keys, tokens and private keys, in order of their place; takes linear time. */
export function findSecrets(text: string): readonly FoundSecret[] {
  const found = PATTERNS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)]
      // A word of letters alone, such as "app-developmentguidelines", is no key.
      .filter(([match]) => match.startsWith('-----') || /\d/.test(match))
      .map(({ index }) => ({ kind, index })),
  ).sort((a, b) => a.index - b.index);
  let line = 1;
  let lineStart = 0;
  let lineEnd = text.indexOf('\n');
  return found.map(({ kind, index }) => {
    while (lineEnd !== -1 && lineEnd < index) {
      line += 1;
      lineStart = lineEnd + 1;
      lineEnd = text.indexOf('\n', lineStart);
    }
    return { kind, line, column: index - lineStart + 1 };
  });
}
