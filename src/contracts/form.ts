import { isInteger, isJson, isRecord, isStringArray } from './json.ts';
import type { FormField } from './plan-configs.ts';

/** A form that the visitor is asked to fill in during a turn; the turn goes on when it is submitted. */
export interface TurnForm {
  readonly id: string;
  readonly title: string;
  /** Markdown; `{{#$output.NAME#}}` marks where a field stands, fields without a mark follow at the end. */
  readonly content: string;
  readonly fields: readonly FormField[];
  /** Buttons. `style` is `primary`, `default`, `accent` or `ghost`. */
  readonly actions: readonly { readonly id: string; readonly label: string; readonly style: string }[];
  /** When it can no longer be submitted, in ms since 1970; null = it waits. */
  readonly expiresAtMs: number | null;
}

const FIELD_TYPES = [
  'text',
  'paragraph',
  'select',
  'number',
  'checkbox',
  'file',
  'file-list',
  'json',
] as const;

/** Accepts one field; null when it is none. */
export function parseFormField(value: unknown): FormField | null {
  if (!isRecord(value)) return null;
  const { name, label, isRequired, maxLength, options, default: fallback = null } = value;
  const type = FIELD_TYPES.find((known) => known === value['type']);
  if (typeof name !== 'string' || name === '' || typeof label !== 'string' || type === undefined) return null;
  if (typeof isRequired !== 'boolean' || !(maxLength === null || isInteger(maxLength, 1))) return null;
  if (!isStringArray(options) || !isJson(fallback)) return null;
  return { name, label, type, isRequired, maxLength, options, default: fallback };
}

/** Accepts a list of fields; null when it, or one of them, is none. */
export function parseFormFields(value: unknown): readonly FormField[] | null {
  if (!Array.isArray(value) || value.length > 200) return null;
  const fields = value.map(parseFormField).filter((field) => field !== null);
  return fields.length === value.length ? fields : null;
}

/** Accepts a {@link TurnForm} from outside; null when it is none. */
export function parseTurnForm(value: unknown): TurnForm | null {
  if (!isRecord(value) || !Array.isArray(value['actions'])) return null;
  const { id, title, content, expiresAtMs } = value;
  const fields = parseFormFields(value['fields']);
  if (typeof id !== 'string' || id === '' || typeof title !== 'string' || typeof content !== 'string')
    return null;
  if (fields === null || !(expiresAtMs === null || isInteger(expiresAtMs))) return null;
  const actions: { id: string; label: string; style: string }[] = [];
  for (const action of value['actions']) {
    if (!isRecord(action)) return null;
    const { id: actionId, label, style } = action;
    if (typeof actionId !== 'string' || typeof label !== 'string' || typeof style !== 'string') return null;
    actions.push({ id: actionId, label, style });
  }
  return { id, title, content, fields, actions, expiresAtMs };
}
