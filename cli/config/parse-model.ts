import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ModelChoice } from './build-config.ts';

/** Where models of the catalogue are published. */
export const DEFAULT_MODEL_HUB = 'https://huggingface.co';

/** Hosts that never leave this machine. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Reads `default`, `none`, an address, the path of a GGUF file, or an id of the catalogue, with `:QUANTIZATION` behind it where one is
 * wanted; relative paths start at `folder`.
 */
export function parseModel(text: string, folder: string): ModelChoice {
  if (text === '' || text === 'default') return { kind: 'default' };
  if (text === 'none') return { kind: 'none' };
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return { kind: 'address', url: text };
  const path = resolve(folder, text);
  if (existsSync(path) || /[/\\]|\.gguf$/i.test(text)) return { kind: 'file', path };
  const [, id = text, quantization = null] = /^([^:]+):([^:]+)$/.exec(text) ?? [];
  return { kind: 'catalogue', id: id.toLowerCase(), quantization };
}

/** Why nothing may be fetched from an address; null when it may. Only this machine is asked without encryption. */
export function addressFault(address: string): string | null {
  if (!URL.canParse(address)) return 'is no address';
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return 'holds a name or a password, which would be kept';
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))) return null;
  return 'must begin with https://';
}

/** Reads a SHA-256 in hexadecimal digits; null when it is none. */
export function parseSha256(text: string): string | null {
  return /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : null;
}
