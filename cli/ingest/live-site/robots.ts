/** What a site asks programs like this one to leave alone. */
export interface Robots {
  /** Whether an address of the site may be asked for. */
  allows(address: string): boolean;
  /** Addresses of its sitemaps, as they are written. */
  readonly sitemaps: readonly string[];
  /** Wait between two requests, in ms; 0: none is asked for. */
  readonly delayMs: number;
}

interface Rule {
  readonly pattern: string;
  readonly isAllowed: boolean;
}

interface Group {
  readonly rules: Rule[];
  delayMs: number;
}

/** The name by which rules are meant for us. */
const AGENT = 'understudy';
/** No site needs more, and 10,000 pages with it take a day. */
const LONGEST_DELAY_MS = 10_000;
const MAX_RULES = 2_000;
const MAX_PATTERN = 500;
const MAX_SITEMAPS = 100;

/** What holds where there is no robots.txt. */
export const NO_RULES: Robots = { allows: () => true, sitemaps: [], delayMs: 0 };

/**
 * Reads a robots.txt (RFC 9309): the rules for `understudy`, else those for all; the longest pattern counts, of equal ones the one that
 * allows. `Crawl-delay` is at most ten seconds.
 */
export function parseRobots(text: string): Robots {
  const groups = new Map<string, Group>();
  const sitemaps: string[] = [];
  let current: Group[] = [];
  let isNaming = false;
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n?|\n/)) {
    const [, rawKey = '', rawValue = ''] = /^\s*([\w-]{1,30})\s*:([^#]*)/.exec(line) ?? [];
    const [key, value] = [rawKey.toLowerCase(), rawValue.trim()];
    if (key === 'sitemap' && sitemaps.length < MAX_SITEMAPS) sitemaps.push(value);
    if (key === 'user-agent') {
      if (!isNaming) current = [];
      isNaming = true;
      current.push(groupOf(groups, value));
      continue;
    }
    if (key === 'allow' || key === 'disallow') {
      // An empty pattern forbids nothing.
      for (const { rules } of value === '' ? [] : current)
        if (rules.length < MAX_RULES && value.length <= MAX_PATTERN)
          rules.push({ pattern: normalize(value), isAllowed: key === 'allow' });
    } else if (key === 'crawl-delay') {
      const delayMs = Number(value) * 1000;
      for (const group of current)
        if (delayMs > 0) group.delayMs = Math.min(LONGEST_DELAY_MS, Math.round(delayMs));
    } else continue;
    isNaming = false;
  }
  const group = groups.get(AGENT) ?? groups.get('*') ?? { rules: [], delayMs: 0 };
  const rules = group.rules.toSorted(
    (a, b) => b.pattern.length - a.pattern.length || Number(b.isAllowed) - Number(a.isAllowed),
  );
  return {
    sitemaps,
    delayMs: group.delayMs,
    allows(address) {
      const { pathname, search } = new URL(address);
      const path = normalize(pathname + search);
      return rules.find(({ pattern }) => matches(pattern, path))?.isAllowed ?? true;
    },
  };
}

function groupOf(groups: Map<string, Group>, agent: string): Group {
  const name = /^\*$|^[a-z_-]+/i.exec(agent)?.[0].toLowerCase() ?? '';
  const group = groups.get(name) ?? { rules: [], delayMs: 0 };
  groups.set(name, group);
  return group;
}

/** `*` stands for anything, `$` at the end for the end. Takes one look at each character, whatever the pattern is. */
function matches(pattern: string, path: string): boolean {
  const isWhole = pattern.endsWith('$');
  const pieces = (isWhole ? pattern.slice(0, -1) : pattern).split('*');
  const [first = '', ...rest] = pieces;
  if (!path.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return !isWhole || path.length === first.length;
  let at = first.length;
  for (const piece of rest) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return isWhole ? path.length - last.length >= at && path.endsWith(last) : path.includes(last, at);
}

/** One way to write a path: what needs no percent sign has none, the digits behind others are upper-case. */
function normalize(path: string): string {
  return path
    .replace(
      /[^\x21-\x7e]+/g,
      (part) =>
        `%${Buffer.from(part)
          .toString('hex')
          .replace(/..(?=.)/g, '$&%')}`,
    )
    .replace(/%([0-9a-f]{2})/gi, (whole, digits: string) => {
      const sign = String.fromCharCode(Number.parseInt(digits, 16));
      return /[\w.~-]/.test(sign) ? sign : whole.toUpperCase();
    });
}
