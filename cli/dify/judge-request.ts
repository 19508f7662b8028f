import { flagOf, listOf, recordOf, textOf } from './data-fields.ts';
import type { DifyApp, DifyData, DifyNode, LeftOut } from './dify-app.ts';
import { findCredentials, isSecretName } from './find-credentials.ts';
import { findSecretUses } from './find-secret-uses.ts';

/** A name with its value, of headers and parameters. */
export interface NamedText {
  readonly name: string;
  readonly value: string;
}

/** Reads `name: value` lines. */
export function namedTexts(value: unknown): readonly NamedText[] {
  return textOf(value)
    .split('\n')
    .flatMap((line) => {
      const colon = line.indexOf(':');
      const name = (colon < 0 ? line : line.slice(0, colon)).trim();
      return name === '' ? [] : [{ name, value: colon < 0 ? '' : line.slice(colon + 1).trim() }];
    });
}

/** The origin that an address begins with; null when a variable may change it. */
export function originOf(url: string): string | null {
  const match = /^\s*(https?:\/\/[^\s/?#{}]+)(?=[/?#]|\s*$)/i.exec(url);
  return match?.[1] !== undefined && URL.canParse(match[1]) ? new URL(match[1]).origin : null;
}

/** Says where a request runs: in the cloud, but for a plain GET of an allowed origin. */
export function judgeRequest(
  node: DifyNode,
  app: DifyApp,
  allowed: readonly string[],
): { readonly site: 'edge' | 'lead'; readonly reason: string } {
  const { data } = node;
  const lead = (reason: string): { readonly site: 'lead'; readonly reason: string } => ({
    site: 'lead',
    reason,
  });
  const method = textOf(data['method'], 'get').toUpperCase();
  const [credential] = requestCredentials(node);
  if (credential !== undefined) return lead(`sends ${credential.what}, which no bundle may hold`);
  const [secret] = findSecretUses(node, app);
  if (secret !== undefined) return lead(`sends the secret "${secret}", which no bundle may hold`);
  if (method !== 'GET') return lead(`sends a ${method} request, which only the cloud does`);
  if (!isEmptyBody(data['body'])) return lead('sends a body with its GET, which browsers do not');
  const origin = originOf(textOf(data['url']));
  if (origin === null) return lead('asks an address whose host is not fixed');
  const fixed = new URL(textOf(data['url']).trim().split('{{', 1).join('')).href;
  if (allowed.some((start) => fixed.startsWith(start)))
    return { site: 'edge', reason: `asks ${origin}, which understudy.yml allows` };
  if (!origin.startsWith('https://')) return lead('asks an address without https, which pages may not');
  return lead(
    `asks ${origin}; write "http: { allow: [${origin}/] }" into understudy.yml if pages may ask it`,
  );
}

function isEmptyBody(value: unknown): boolean {
  const body = recordOf(value);
  const type = textOf(body['type'], 'none');
  if (typeof value === 'string') return value.trim() === '';
  return type === 'none' || type === '' || (textOf(body['data']) === '' && listOf(body['data']).length === 0);
}

/** What a request sends that must not be published: authorization, secret headers and parameters, keys in the address. */
export function requestCredentials(node: DifyNode): readonly LeftOut[] {
  const { data } = node;
  const found: LeftOut[] = [];
  const add = (what: string, ...path: readonly string[]): void => {
    found.push({ place: node.placeOf(...path), node: node.id, what });
  };
  const authorization = recordOf(data['authorization']);
  const config = recordOf(authorization['config']);
  const type = textOf(authorization['type'], 'no-auth');
  if (type !== 'no-auth' && type !== '') {
    const kind = textOf(config['type'], 'API key');
    const hasKey = textOf(config['api_key']) !== '' || flagOf(authorization['enabled'], true);
    if (hasKey) add(`its authorization (${kind})`, 'authorization');
  }
  for (const key of ['headers', 'params'] as const) {
    for (const { name, value } of namedTexts(data[key])) {
      // A number is no secret: `max_tokens: 100`.
      const isSecret =
        (isSecretName(name) && !/^\d{1,9}$/.test(value)) || findCredentials(`${name}: ${value}`).length > 0;
      if (isSecret && value !== '') add(`its ${key === 'headers' ? 'header' : 'parameter'} "${name}"`, key);
    }
  }
  if (hasKeyInAddress(textOf(data['url']))) add('a credential in its address', 'url');
  if (bodyTexts(data['body']).some((text) => findCredentials(text).length > 0))
    add('a credential in its body', 'body');
  return found;
}

function hasKeyInAddress(url: string): boolean {
  if (findCredentials(url).length > 0) return true;
  return [...url.matchAll(/[?&]([^?=&#]+)=([^&#]+)/g)].some(([, name = '']) => isSecretName(name));
}

function bodyTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  const data: unknown = recordOf(value)['data'];
  if (typeof data === 'string') return [data];
  return listOf(data).map((entry) => {
    const { key, value: text }: DifyData = recordOf(entry);
    return `${textOf(key)}: ${textOf(text)}`;
  });
}
