import { isRecord } from '../../contracts/json.ts';

/** What the lead needs of an app's `/parameters`. */
export interface DifyParameters {
  /** Whether questions may be asked for that continue an answer. */
  readonly suggestsQuestions: boolean;
}

/** Reads the answer of `/parameters`; null when it is none (a login page, another program). */
export function parseDifyParameters(value: unknown): DifyParameters | null {
  if (!isRecord(value)) return null;
  const known = 'user_input_form' in value || 'opening_statement' in value || 'system_parameters' in value;
  if (!known) return null;
  const after = value['suggested_questions_after_answer'];
  return { suggestsQuestions: isRecord(after) && after['enabled'] === true };
}

/** Reads the answer of `/messages/{id}/suggested-questions`: at most 3 short texts. */
export function parseSuggestedQuestions(value: unknown): readonly string[] {
  const list = isRecord(value) ? value['data'] : null;
  if (!Array.isArray(list)) return [];
  return list
    .filter((text): text is string => typeof text === 'string' && text.trim() !== '' && text.length <= 200)
    .slice(0, 3);
}
