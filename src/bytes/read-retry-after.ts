/** Longest wait a server may ask for, in ms. */
const MAX_RETRY_AFTER_MS: number = 10 * 60 * 1000;

/** Reads a `Retry-After` header, seconds or an HTTP date (RFC 9110, section 10.2.3); null when there is none. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(waitMs) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, waitMs)) : null;
}
