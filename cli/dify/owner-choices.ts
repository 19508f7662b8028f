import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { readYaml } from '../config/read-yaml.ts';
import { suggestName } from '../config/suggest-name.ts';
import type { YamlFields } from '../config/yaml-fields.ts';
import { yamlFields } from '../config/yaml-fields.ts';

/** What the owner decided about an app, in `understudy.yml`. */
export interface OwnerChoices {
  /** Where a node runs, by its id. */
  readonly nodes: ReadonlyMap<string, 'edge' | 'lead'>;
  /** Beginnings of the addresses that the device may ask, as `https://api.example.com/`. */
  readonly allowed: readonly string[];
  /** The error for a choice about a node, at its place. */
  readonly fail: (node: string, what: string) => Error;
}

/** No choices: what stands where there is no `understudy.yml`. */
export const NO_CHOICES: OwnerChoices = {
  nodes: new Map(),
  allowed: [],
  fail: (node, what) =>
    new UnderstudyError('cli/config-invalid', `The choice for node "${node}" ${what}.`, { facts: { node } }),
};

/**
 * Reads `nodes: { <id>: edge | lead }` and `http: { allow: [address, …] }` of an understudy.yml.
 * @throws UnderstudyError `cli/not-found`, `cli/config-invalid` with file, line and column.
 */
export function loadOwnerChoices(path: string): OwnerChoices {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UnderstudyError('cli/not-found', `"${path}" is no file.`, { facts: { path } });
  return parseOwnerChoices(readFileSync(path, 'utf8'), basename(path));
}

/** Accepts the choices in the text of an understudy.yml. @throws UnderstudyError `cli/config-invalid`. */
export function parseOwnerChoices(text: string, file: string): OwnerChoices {
  const fields = yamlFields(readYaml(text, file));
  const nodes = new Map<string, 'edge' | 'lead'>();
  for (const [id, site] of Object.entries(fields.map(['nodes'], []))) {
    if (site !== 'edge' && site !== 'lead')
      throw fields.fail(['nodes', id], `is ${JSON.stringify(site)}; it must be edge or lead`);
    nodes.set(id, site);
  }
  return {
    nodes,
    allowed: readAllowed(fields),
    fail: (node, what) => fields.fail(['nodes', node], what),
  };
}

function readAllowed(fields: YamlFields): readonly string[] {
  fields.map(['http'], ['allow']);
  return fields.texts(['http', 'allow']).map((text, index) => {
    const fail = (what: string): Error => fields.fail(['http', 'allow', index], what);
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !/^https?:$/.test(url.protocol))
      throw fail(`is "${text}"; write the beginning of an address, such as https://api.example.com/`);
    if (url.username !== '' || url.password !== '')
      throw fail('holds a name or password; a bundle is public');
    return url.href;
  });
}

/** Refuses choices for nodes that are not there. @throws UnderstudyError `cli/config-invalid` at the choice. */
export function checkChosenNodes(choices: OwnerChoices, ids: readonly string[]): void {
  const known = new Set(ids);
  for (const id of choices.nodes.keys()) {
    if (known.has(id)) continue;
    const close = suggestName(id, ids);
    throw choices.fail(
      id,
      `names no node of the app${close === null ? '; `understudy inspect` lists them' : `; did you mean "${close}"?`}`,
    );
  }
}
