import { UnderstudyError } from '../contracts/errors.ts';
import type { ConnectConfig, LeadConfig } from '../contracts/protocol.ts';
import type { ConnectOptions } from './connection.ts';

/** What of the page the options lean on. */
export interface PageContext {
  /** Address that relative options resolve against. */
  readonly baseUrl: string;
  /** Address of the running script; its folder is the default of `assets`. */
  readonly scriptUrl: string;
  readonly language: string;
  /** True when the visitor asked the browser to save data. */
  readonly savesData: boolean;
}

function badOption(option: string, value: string, cause?: unknown): UnderstudyError {
  return new UnderstudyError('client/bad-option', `The option "${option}" cannot be "${value}".`, {
    facts: { option, value },
    cause,
  });
}

function toUrl(option: string, value: string | URL, base: string): URL {
  try {
    const url = new URL(value, base);
    if (url.protocol === 'https:' || url.protocol === 'http:') return url;
    throw badOption(option, String(value));
  } catch (error) {
    throw badOption(option, String(value), error);
  }
}

/** Absolute address of a folder, with a trailing slash and without query or fragment. */
function toFolder(option: string, value: string | URL, base: string): string {
  const url = toUrl(option, value, base);
  url.hash = '';
  url.search = '';
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

function parseLead(lead: string | LeadConfig, base: string): LeadConfig {
  if (typeof lead !== 'string') return { ...lead, baseUrl: toFolder('lead', lead.baseUrl, base) };
  const service = /^dify-service:([^#]+)$/.exec(lead.trim());
  if (service !== null) return { kind: 'dify-service', baseUrl: toFolder('lead', service[1] ?? '', base) };
  const match = /^(dify|openai):([^#]+)#(.+)$/.exec(lead.trim());
  if (match === null) throw badOption('lead', lead);
  const [, kind, address = '', name = ''] = match;
  const baseUrl = toFolder('lead', address, base);
  return kind === 'dify' ? { kind, baseUrl, appCode: name } : { kind: 'openai', baseUrl, model: name };
}

/**
 * Resolves the options of `connect()` once; after this nothing asks whether an option is set.
 * @throws UnderstudyError `client/bad-option`.
 */
export function resolveOptions(options: ConnectOptions, page: PageContext): ConnectConfig {
  const lead = options.lead == null || options.lead === '' ? null : parseLead(options.lead, page.baseUrl);
  const bundleUrl = options.bundle == null ? null : toFolder('bundle', options.bundle, page.baseUrl);
  if (bundleUrl === null && lead === null) throw badOption('bundle', 'null');
  const { privacy = 'hybrid', generator = 'auto' } = options;
  return {
    bundleUrl,
    lead: privacy === 'device-only' ? null : lead,
    outboxUrl: options.outbox == null ? null : toUrl('outbox', options.outbox, page.baseUrl).href,
    assetsUrl: toFolder('assets', options.assets ?? new URL('./', page.scriptUrl), page.baseUrl),
    privacy,
    generator: page.savesData ? 'off' : generator,
    language: options.language ?? page.language,
  };
}
