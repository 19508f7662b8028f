/** Hosts that never leave this machine. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Reports whether a text is meant as an address of the web, and not as a path. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

/** Why nothing may be fetched from an address; null when it may. Only this machine is asked without encryption. */
export function addressFault(address: string): string | null {
  if (!URL.canParse(address)) return 'is no address';
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return 'holds a name or a password, which would be kept';
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))) return null;
  return 'must begin with https://';
}
