import type { TurnForm } from '../../contracts/form.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { isInteger, isRecord } from '../../contracts/json.ts';
import type { FormField } from '../../contracts/plan-configs.ts';
import { parseHumanInputs } from './dify-fields.ts';

/** A form that a paused run waits for. */
export interface DifyForm {
  readonly form: TurnForm;
  /** The node that asks; what becomes of the form is told by its name. */
  readonly nodeId: string;
  /** What the form is submitted with; null where it is sent to people by mail and cannot be filled in here. */
  readonly token: string | null;
}

const MAX_CONTENT_LENGTH = 20_000;
const MAX_ACTIONS = 20;
const STYLES: ReadonlySet<string> = new Set(['primary', 'default', 'accent', 'ghost']);

/** Reads the `data` of `human_input_required`; null when it is no form. */
export function parseHumanInputForm(data: unknown): DifyForm | null {
  if (!isRecord(data)) return null;
  const { form_id: id, form_token: token, node_id: nodeId, node_title: title, form_content: content } = data;
  if (typeof id !== 'string' || id === '' || id.length > 200) return null;
  const actions = parseActions(data['actions'] ?? data['user_actions']);
  // Without a button it could never be submitted.
  if (actions.length === 0) return null;
  const expires = data['expiration_time'];
  return {
    nodeId: typeof nodeId === 'string' ? nodeId : '',
    token: typeof token === 'string' && /^[\w.~-]{1,500}$/.test(token) ? token : null,
    form: {
      id,
      title: typeof title === 'string' ? title.slice(0, 300) : '',
      content: typeof content === 'string' ? content.slice(0, MAX_CONTENT_LENGTH) : '',
      fields: parseHumanInputs(data['inputs'], data['resolved_default_values']),
      actions,
      expiresAtMs: isInteger(expires, 1) && expires < 1e11 ? expires * 1000 : null,
    },
  };
}

/** What a form is submitted with: a text for each field that was left empty, because the server asks for all of them. */
export function fillForm(fields: readonly FormField[], values: JsonObject): JsonObject {
  const filled: Record<string, Json> = {};
  for (const { name, type, default: fallback } of fields) {
    const value = Object.hasOwn(values, name) ? values[name] : fallback;
    const isText = type !== 'file' && type !== 'file-list';
    if (value === undefined || value === null) {
      if (isText) filled[name] = '';
    } else filled[name] = value;
  }
  return filled;
}

function parseActions(value: unknown): TurnForm['actions'] {
  if (!Array.isArray(value)) return [];
  const actions: { id: string; label: string; style: string }[] = [];
  for (const action of value.slice(0, MAX_ACTIONS)) {
    if (!isRecord(action)) continue;
    const { id, title, button_style: style } = action;
    if (typeof id !== 'string' || id === '' || actions.some((other) => other.id === id)) continue;
    actions.push({
      id,
      label: typeof title === 'string' && title.trim() !== '' ? title.trim().slice(0, 100) : id,
      style: typeof style === 'string' && STYLES.has(style) ? style : 'default',
    });
  }
  return actions;
}
