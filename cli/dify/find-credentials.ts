import { findSecrets } from '../config/find-secrets.ts';

/** A piece of a text that is, or looks like, a credential. */
export interface FoundCredential {
  /** What it looks like, with its article. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** What stands in place of a credential. */
export const LEFT_OUT_MARK = '[left out]';

/**
 * Patterns with the group that holds the secret itself. Each takes linear time whatever stands in the text: what may repeat is bounded
 * where a match could begin at every word of it.
 */
const PATTERNS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['a Dify API key', /\b((?:app|dataset)-(?=[A-Za-z]*\d)[A-Za-z0-9]{16,})/dg],
  ['an API key', /\b(sk-(?=[A-Za-z_-]{0,100}\d)[A-Za-z0-9_-]{16,})/dg],
  ['an access token', /\bBearer\s+(?!\{\{)([A-Za-z0-9._~+/=-]{8,})/dgi],
  ['a name and password', /\bBasic\s+([A-Za-z0-9+/]{12,}={0,2})(?![A-Za-z0-9+/])/dg],
  ['a cloud access key', /\b((?:AKIA|ASIA)[0-9A-Z]{16})\b/dg],
  ['a Google API key', /\b(AIza[0-9A-Za-z_-]{35})/dg],
  ['a repository token', /\b((?:gh[pousr]_|github_pat_|glpat-)[A-Za-z0-9_-]{20,})/dg],
  ['a chat token', /\b(xox[abeoprs]-[A-Za-z0-9-]{10,})/dg],
  ['a payment key', /\b((?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,})/dg],
  ['a model hub token', /\b(hf_[A-Za-z0-9]{20,})/dg],
  [
    'a signed token',
    /(?<![A-Za-z0-9_-])(?:[A-Za-z0-9_-]{0,40}?-)??(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+)/dg,
  ],
  [
    'a private key',
    /(-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$))/dg,
  ],
  ['a name and password in an address', /\b[a-z][a-z0-9+.-]{0,40}:\/\/([^\s/:@"'{}]+:[^\s/@"'{}]+)@/dgi],
  [
    'a key in an address',
    /[?&](?:api[_-]?key|apikey|key|token|access[_-]?token|secret|password|passwd|sig(?:nature)?|auth)=([^\s&"'{}#<>]{8,})/dgi,
  ],
  [
    'a secret in a setting',
    /(?:api[_-]?key|apikey|app[_-]?secret|client[_-]?secret|secret[_-]?key|access[_-]?key|access[_-]?token|auth[_-]?token|passw(?:or)?d|x-api-key|private[_-]?key)["']?\]?\s*(?:[:=]|=>)\s*["']([^"'\s{}<>]{8,})["']/dgi,
  ],
  [
    'an authorization header',
    /\bauthorization["']?\s*[:=]\s*["']?(?!(?:bearer|basic)\b)([A-Za-z0-9][^\s"'{}<>,]{11,})/dgi,
  ],
];

/** Words that show that a value only stands for a secret. */
const PLACEHOLDER =
  /^(?:your|example|sample|placeholder|changeme|todo)|^(?:my|the|an?)[\W_]|^(?:<|\$|\*+|\.{2,}|x{3,})|^(.)\1+$|your[_-]|placeholder/i;

/** Finds what looks like a key, a token, a password or a private key, in order, without overlaps. */
export function findCredentials(text: string): readonly FoundCredential[] {
  if (text.length < 8) return [];
  const found: FoundCredential[] = [];
  for (const [kind, pattern] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.[1] ?? [0, 0];
      const secret = text.slice(start, end);
      if (end > start && !PLACEHOLDER.test(secret)) found.push({ kind, start, end });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: FoundCredential[] = [];
  for (const one of found) if (one.start >= (apart.at(-1)?.end ?? 0)) apart.push(one);
  return apart;
}

/** Reports whether the text holds what looks like a secret, by these rules or by those for configurations. */
export function holdsCredential(text: string): boolean {
  return findCredentials(text).length > 0 || findSecrets(text).length > 0;
}

/** The text with a mark in place of each credential. */
export function withoutCredentials(text: string): string {
  let clean = '';
  let at = 0;
  for (const { start, end } of findCredentials(text)) {
    clean += text.slice(at, start) + LEFT_OUT_MARK;
    at = end;
  }
  return clean + text.slice(at);
}

/** Reports whether the name of a variable or header says that its value is secret. */
export function isSecretName(name: string): boolean {
  return /(?:api[_-]?key|apikey|secret|token|passw(?:or)?d|credential|authorization|cookie|private[_-]?key|access[_-]?key|(?:^|[_-])key$|(?:^|[_-])auth(?:$|[_-]))/i.test(
    name,
  );
}
