import type { IntentAction, IntentDefinition } from '../../src/contracts/intent.ts';
import { NONE_INTENT } from '../../src/contracts/intent.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { IntentsConfig } from './build-config.ts';
import { readYaml } from './read-yaml.ts';
import { yamlFields } from './yaml-fields.ts';
import type { YamlFields } from './yaml-fields.ts';

const KEYS = ['id', 'name', 'action', 'examples', 'answer', 'suggestions'];

/**
 * Accepts an intents file: `intents`, a list of {id, name, action, examples, answer, suggestions}, and `none`, a list of messages.
 * @returns the intents with remarks on unknown keys.
 * @throws UnderstudyError `cli/config-invalid` with file, line and column.
 */
export function parseIntents(
  text: string,
  file: string,
  languages: readonly string[],
): { readonly intents: IntentsConfig; readonly remarks: readonly string[] } {
  const yaml = readYaml(text, file);
  const fields = yamlFields(yaml);
  // A bare list is the list of intents.
  const root = Array.isArray(yaml.value) ? [] : ['intents'];
  if (root.length > 0) fields.map([], ['intents', 'none']);
  const definitions: IntentDefinition[] = [];
  const examples: Record<string, readonly string[]> = {};
  for (const index of fields.list(root).keys()) {
    const path = [...root, index];
    const definition = parseIntent(fields, path, languages);
    if (Object.hasOwn(examples, definition.id))
      throw fields.fail([...path, 'id'], `"${definition.id}" comes twice`);
    const list = fields.texts([...path, 'examples']);
    if (list.length === 0) throw fields.fail(path, 'has no examples; write at least five messages');
    examples[definition.id] = list;
    definitions.push(definition);
  }
  const none = isRecord(yaml.value) ? fields.texts(['none']) : [];
  return { intents: { definitions, examples, none }, remarks: fields.remarks };
}

function parseIntent(
  fields: YamlFields,
  path: readonly (string | number)[],
  languages: readonly string[],
): IntentDefinition {
  fields.map(path, KEYS);
  const id = fields.text([...path, 'id']);
  if (id === null || !/^[\p{L}\p{N}_.-]{1,60}$/u.test(id)) {
    throw fields.fail([...path, 'id'], 'is no id; use letters, digits, "_", "-" and "."');
  }
  if (id === NONE_INTENT)
    throw fields.fail([...path, 'id'], '"none" is reserved; list such messages under "none"');
  const action = parseAction(fields, [...path, 'action']);
  const answer = fields.localized([...path, 'answer']);
  if (action === 'answer' && answer === null) throw fields.fail(path, 'has action "answer" but no answer');
  return {
    id,
    name: fields.text([...path, 'name']) ?? id,
    action,
    answer,
    suggestions: fields.localizedLists([...path, 'suggestions'], languages),
  };
}

function parseAction(fields: YamlFields, path: readonly (string | number)[]): IntentAction {
  const action = fields.text(path) ?? 'retrieve';
  if (action === 'answer' || action === 'handoff' || action === 'retrieve') return action;
  throw fields.fail(path, `is "${action}"; it must be answer, handoff or retrieve`);
}
