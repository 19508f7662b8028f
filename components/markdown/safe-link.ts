const SCHEMES: ReadonlySet<string> = new Set(['https:', 'http:', 'mailto:', 'tel:']);
const LONGEST = 2048;

/**
 * Resolves the target of a link and accepts it only when it opens a page, a mail or a call.
 *
 * What is returned is the form the URL parser read, so the browser follows exactly what was checked; addresses with a
 * user name in them are refused since they are written to look like another site.
 *
 * @param base - Address that relative targets start from; the page's.
 * @returns The absolute address, or null when the target must stay text.
 */
export function safeLink(target: string, base: string): string | null {
  if (target.length > LONGEST) return null;
  const url = parseUrl(target, base);
  if (url === null || !SCHEMES.has(url.protocol)) return null;
  if (url.username !== '' || url.password !== '') return null;
  return url.href;
}

function parseUrl(target: string, base: string): URL | null {
  try {
    return new URL(target, base);
  } catch {
    // A malformed address: `new URL` throws TypeError.
    return null;
  }
}
