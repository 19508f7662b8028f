import { isRecord } from '../../../src/contracts/json.ts';
import { listBlock, paragraphBlock } from '../source-document.ts';
import type { Block, Section } from '../source-document.ts';
import { writeCode } from '../write-inline.ts';
import { markdownBlocks, operationBlocks } from './operation-blocks.ts';
import type { Operation } from './operation-blocks.ts';
import { createResolver } from './resolve-refs.ts';
import type { Fields, Resolver } from './resolve-refs.ts';
import { scalar } from './schema-fields.ts';

/** Title and sections of a description. */
export interface OpenApiText {
  readonly title: string | null;
  readonly sections: readonly Section[];
  /** Operations beyond the bound. */
  readonly leftOut: number;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace', 'query'] as const;
/** Most operations of a description. */
const MAX_OPERATIONS = 3000;

/**
 * Reads an OpenAPI description, version 2.0 or 3.x (spec.openapis.org): one section for the whole, then one for each operation, under its
 * first tag.
 */
export function openApiSections(root: Fields): OpenApiText {
  const resolver = createResolver(root);
  const info = resolver.map(root['info']) ?? {};
  const operations = operationsOf(root, resolver);
  const tagged = new Map<string, Section[]>();
  for (const tag of tagsOf(root)) {
    const blocks = markdownBlocks(tag['description']);
    const name = scalar(tag['name']);
    if (name !== '') tagged.set(name, blocks.length === 0 ? [] : [{ headings: [name], blocks }]);
  }
  const untagged: Section[] = [];
  for (const operation of operations.slice(0, MAX_OPERATIONS)) {
    const { fields, method, path } = operation;
    const tags: readonly unknown[] = Array.isArray(fields['tags']) ? fields['tags'] : [];
    const tag = scalar(tags[0]);
    const name =
      scalar(fields['summary']) || scalar(fields['operationId']) || `${method.toUpperCase()} ${path}`;
    const blocks = operationBlocks(operation, resolver);
    if (tag === '') untagged.push({ headings: [name], blocks });
    else tagged.set(tag, [...(tagged.get(tag) ?? []), { headings: [tag, name], blocks }]);
  }
  const whole = wholeBlocks(root, info, resolver);
  return {
    title: scalar(info['title']) || null,
    sections: [
      ...(whole.length === 0 ? [] : [{ headings: [], blocks: whole }]),
      ...[...tagged.values()].flat(),
      ...untagged,
    ],
    leftOut: Math.max(0, operations.length - MAX_OPERATIONS),
  };
}

function operationsOf(root: Fields, resolver: Resolver): readonly Operation[] {
  return Object.entries(resolver.map(root['paths']) ?? {}).flatMap(([path, value]) => {
    const item = resolver.map(value);
    if (item === null) return [];
    return METHODS.flatMap((method): Operation[] => {
      const fields = resolver.map(item[method]);
      if (fields === null) return [];
      const parameters = [item['parameters'], fields['parameters']].flatMap((list): unknown[] =>
        Array.isArray(list) ? list : [],
      );
      return [{ method, path, fields, parameters }];
    });
  });
}

function tagsOf(root: Fields): readonly Fields[] {
  const tags: readonly unknown[] = Array.isArray(root['tags']) ? root['tags'] : [];
  return tags.filter(isRecord);
}

/** What holds for all operations: description, addresses, how to sign in. */
function wholeBlocks(root: Fields, info: Fields, resolver: Resolver): readonly Block[] {
  const blocks: Block[] = [...markdownBlocks(info['description'])];
  const servers = serversOf(root);
  if (servers.length > 0) blocks.push(paragraphBlock('Addresses:'), listBlock(servers));
  const components = resolver.map(root['components']);
  const schemes = resolver.map(components?.['securitySchemes'] ?? root['securityDefinitions']) ?? {};
  const ways = Object.entries(schemes).flatMap(([name, value]) => {
    const scheme = resolver.map(value);
    return scheme === null ? [] : [`- ${writeCode(name)}: ${wayOf(scheme)}`];
  });
  if (ways.length > 0) blocks.push(paragraphBlock('Authentication:'), listBlock(ways));
  return blocks;
}

function serversOf(root: Fields): readonly string[] {
  const servers: readonly unknown[] = Array.isArray(root['servers']) ? root['servers'] : [];
  const written = servers.filter(isRecord).flatMap((server) => {
    const url = scalar(server['url']);
    const description = scalar(server['description']);
    return url === '' ? [] : [`- ${writeCode(url)}${description === '' ? '' : `: ${description}`}`];
  });
  const host = scalar(root['host']);
  const schemes: readonly unknown[] = Array.isArray(root['schemes']) ? root['schemes'] : [];
  const scheme = scalar(schemes[0]) || 'https';
  return host === ''
    ? written
    : [...written, `- ${writeCode(`${scheme}://${host}${scalar(root['basePath'])}`)}`];
}

function wayOf(scheme: Fields): string {
  const kind = [scheme['type'], scheme['scheme']]
    .map(scalar)
    .filter((text) => text !== '')
    .join(', ');
  const place =
    scalar(scheme['name']) === '' ? '' : `, ${scalar(scheme['in'])} ${writeCode(scalar(scheme['name']))}`;
  const description = scalar(scheme['description']);
  return `${kind}${place}${description === '' ? '' : `. ${description}`}`;
}
