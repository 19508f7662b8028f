import type { IntentAction, IntentDefinition } from '../../src/contracts/intent.ts';
import { NONE_INTENT } from '../../src/contracts/intent.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { SlotName } from '../../src/contracts/slot.ts';
import { isSlotName, SLOT_NAMES, SLOT_PLACE } from '../../src/contracts/slot.ts';
import type { IntentsConfig } from './build-config.ts';
import { readYaml } from './read-yaml.ts';
import { suggestName } from './suggest-name.ts';
import { yamlFields } from './yaml-fields.ts';
import type { YamlFields } from './yaml-fields.ts';

const KEYS = ['id', 'name', 'action', 'examples', 'answer', 'suggestions', 'slots'];

/**
 * Accepts an intents file: `intents`, a list of {id, name, action, examples, answer, suggestions, slots}, and `none`, a list of messages.
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
  const slots = parseSlots(fields, [...path, 'slots']);
  for (const [language, text] of Object.entries(answer ?? {})) {
    const place = [...path, 'answer', language];
    checkPlaces(fields, fields.has(place) ? place : [...path, 'answer'], text, slots);
  }
  return {
    id,
    name: fields.text([...path, 'name']) ?? id,
    action,
    answer,
    suggestions: fields.localizedLists([...path, 'suggestions'], languages),
    ...(slots.length > 0 ? { slots } : {}),
  };
}

function parseSlots(fields: YamlFields, path: readonly (string | number)[]): readonly SlotName[] {
  const slots: SlotName[] = [];
  for (const [index, name] of fields.texts(path).entries()) {
    const place = [...path, index];
    if (!isSlotName(name))
      throw fields.fail(place, `is "${name}", which is no slot; ${meant(name, SLOT_NAMES)}`);
    if (slots.includes(name)) throw fields.fail(place, `is "${name}", which stands there twice`);
    slots.push(name);
  }
  return slots;
}

/** Every place of an answer must show a slot of its intent, and say something where a message names none. */
function checkPlaces(
  fields: YamlFields,
  path: readonly (string | number)[],
  text: string,
  slots: readonly SlotName[],
): void {
  for (const [place, name = '', instead] of text.matchAll(SLOT_PLACE)) {
    const isNamed = isSlotName(name);
    // Other braces are text.
    if (!isNamed && (instead === undefined || slots.length === 0)) continue;
    if (!isNamed || !slots.includes(name)) {
      const help = isNamed ? `write slots: [${name}]` : meant(name, slots);
      throw fields.fail(path, `shows ${place}, which is none of the slots of the intent; ${help}`);
    }
    if (instead === undefined)
      throw fields.fail(
        path,
        `shows ${place}; say what stands there when a message names none: {${name}|your ${name}}, or {${name}|} for nothing`,
      );
  }
}

function meant(name: string, known: readonly string[]): string {
  const close = suggestName(name, known);
  return close === null ? `known are ${known.join(', ')}` : `did you mean "${close}"?`;
}

function parseAction(fields: YamlFields, path: readonly (string | number)[]): IntentAction {
  const action = fields.text(path) ?? 'retrieve';
  if (action === 'answer' || action === 'handoff' || action === 'retrieve') return action;
  throw fields.fail(path, `is "${action}"; it must be answer, handoff or retrieve`);
}
