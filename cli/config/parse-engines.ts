import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import {
  ENGINE_ADDRESSES,
  isEngineAddress,
  NAMED_ENGINES,
  parseEngineChoices,
} from '../../src/contracts/engine-choice.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { RuntimeChoice } from './build-config.ts';
import type { YamlFields, YamlPath } from './yaml-fields.ts';

const RUNTIMES: readonly RuntimeChoice[] = ['kernel', 'transformers', 'both'];

/**
 * Reads `engines`: names, or maps of one name to its addresses. Null when there is no such key.
 * @throws UnderstudyError `cli/config-invalid` at the entry that cannot be.
 */
export function parseEngines(fields: YamlFields): readonly EngineChoice[] | null {
  const entries = fields.list(['engines']);
  if (entries.length === 0) return null;
  const seen = new Set<string>();
  return entries.map((entry, index) => {
    const path: YamlPath = ['engines', index];
    const name = nameOf(entry, path, fields);
    if (seen.has(name)) throw fields.fail(path, `names ${name} a second time`);
    seen.add(name);
    const [choice] = parseEngineChoices([{ engine: name, ...addressesOf(name, entry, path, fields) }]) ?? [];
    if (choice === undefined) throw fields.fail(path, 'is no engine with its addresses');
    return choice;
  });
}

function nameOf(entry: unknown, path: YamlPath, fields: YamlFields): (typeof NAMED_ENGINES)[number] {
  const names = typeof entry === 'string' ? [entry] : isRecord(entry) ? Object.keys(entry) : [];
  const [text = ''] = names;
  if (text === 'prompt-api') {
    throw fields.fail(
      path,
      'is prompt-api, which exists only in windows; engines of a bundle run in a worker',
    );
  }
  const name = NAMED_ENGINES.find((known) => known === text);
  if (name === undefined || names.length !== 1)
    throw fields.fail(path, `must be one of ${NAMED_ENGINES.join(', ')}`);
  return name;
}

function addressesOf(
  name: (typeof NAMED_ENGINES)[number],
  entry: unknown,
  path: YamlPath,
  fields: YamlFields,
): Readonly<Record<string, string>> {
  const needed = ENGINE_ADDRESSES[name];
  if (isRecord(entry)) fields.map([...path, name], needed);
  const found: Record<string, string> = {};
  for (const key of needed) {
    const address = isRecord(entry) ? fields.text([...path, name, key]) : null;
    if (address === null) throw fields.fail(path, `needs ${needed.join(', ')} of ${name}; ${key} is missing`);
    const isFit: boolean = isEngineAddress(address);
    if (!isFit) {
      throw fields.fail([...path, name, key], `is "${address}"; write an https:// address or a path from /`);
    }
    found[key] = address;
  }
  return found;
}

/**
 * Reads `runtime`, by default what the named engines need; null without either.
 * @throws UnderstudyError `cli/config-invalid` when a named engine would find no model in the bundle.
 */
export function parseRuntime(
  fields: YamlFields,
  engines: readonly EngineChoice[] | null,
): RuntimeChoice | null {
  const names = new Set(engines?.map(({ engine }) => engine) ?? ['kernel']);
  const hasOnnx = names.has('transformers') || names.has('transformers-webgpu');
  const needed = names.has('kernel') ? (hasOnnx ? 'both' : 'kernel') : hasOnnx ? 'transformers' : 'none';
  const text = fields.text(['runtime']);
  if (text === null) return engines === null ? null : needed;
  const runtime = RUNTIMES.find((known) => known === text);
  if (runtime === undefined) throw fields.fail(['runtime'], `is "${text}"; write ${RUNTIMES.join(', ')}`);
  if (engines !== null && needed !== 'none' && runtime !== 'both' && runtime !== needed) {
    const what = `is ${text}, but "engines" needs the model written for ${needed}; write "runtime: ${needed}", or leave it out`;
    throw fields.fail(['runtime'], what);
  }
  return runtime;
}
