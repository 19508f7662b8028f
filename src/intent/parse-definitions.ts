import { UnderstudyError } from '../contracts/errors.ts';
import type { IntentAction, IntentDefinition } from '../contracts/intent.ts';
import { isRecord, isStringArray } from '../contracts/json.ts';
import type { LocalizedText } from '../contracts/language.ts';
import type { SlotName } from '../contracts/slot.ts';
import { isSlotName } from '../contracts/slot.ts';
import { MAX_INTENTS, NONE_ID } from './intent-model.ts';

function invalid(what: string): UnderstudyError {
  return new UnderstudyError('bundle/artifact-invalid', `The intents cannot be read: ${what}.`, {
    facts: { artifact: 'intents', what },
  });
}

function isAction(value: unknown): value is IntentAction {
  return value === 'answer' || value === 'handoff' || value === 'retrieve';
}

function parseAnswer(value: unknown, id: string): LocalizedText | null {
  if (value === null || value === undefined) return null;
  if (!isRecord(value)) throw invalid(`the answer of "${id}" is no map of languages`);
  const entries = Object.entries(value).map(([language, text]): [string, string] => {
    if (typeof text !== 'string') throw invalid(`the answer of "${id}" is no text`);
    return [language, text];
  });
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function parseSuggestions(value: unknown, id: string): { readonly [language: string]: readonly string[] } {
  if (value === null || value === undefined) return {};
  if (!isRecord(value)) throw invalid(`the suggestions of "${id}" are no map of languages`);
  const entries = Object.entries(value).map(([language, list]): [string, readonly string[]] => {
    if (!isStringArray(list)) throw invalid(`the suggestions of "${id}" are no list of texts`);
    return [language, list];
  });
  return Object.fromEntries(entries);
}

/** Names that only newer releases know are left out: the words in their stead are said. */
function parseSlots(value: unknown, id: string): readonly SlotName[] {
  if (value === null || value === undefined) return [];
  if (!isStringArray(value)) throw invalid(`the slots of "${id}" are no list of names`);
  return value.filter(isSlotName);
}

function parseDefinition(value: unknown): IntentDefinition {
  if (!isRecord(value)) throw invalid('an intent is no object');
  const { id, name, action } = value;
  if (typeof id !== 'string' || id === '' || id.length > 100) throw invalid('an intent has no id');
  if (id === NONE_ID) throw invalid('"none" is no id for an intent of the owner');
  if (typeof name !== 'string' || !isAction(action)) throw invalid(`"${id}" has no name or action`);
  const answer = parseAnswer(value['answer'], id);
  if (action === 'answer' && answer === null) throw invalid(`"${id}" has no answer`);
  const slots = parseSlots(value['slots'], id);
  return {
    id,
    name,
    action,
    answer,
    suggestions: parseSuggestions(value['suggestions'], id),
    ...(slots.length > 0 ? { slots } : {}),
  };
}

/**
 * Accepts the owner's intents from the network or the store.
 * @throws UnderstudyError `bundle/artifact-invalid`.
 */
export function parseIntentDefinitions(value: unknown): IntentDefinition[] {
  if (!Array.isArray(value)) throw invalid('they are no list');
  if (value.length > MAX_INTENTS) throw invalid(`there are more than ${MAX_INTENTS}`);
  const definitions = value.map(parseDefinition);
  if (new Set(definitions.map((definition) => definition.id)).size !== definitions.length)
    throw invalid('an id comes twice');
  return definitions;
}
