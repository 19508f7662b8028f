import type { Json, JsonObject } from '../../contracts/json.ts';
import { isRecord } from '../../contracts/json.ts';
import { parsePlanFile } from '../../contracts/plan-file.ts';
import type { FormField, PlanFile } from '../../contracts/plan-configs.ts';
import type { DifyAppKind } from './passport-store.ts';

/** A file as questions refer to it. */
export interface DifyFileReference {
  readonly type: string;
  readonly transfer_method: 'local_file' | 'remote_url';
  readonly upload_file_id?: string;
  readonly url?: string;
}

/** What a question is made of. */
export interface DifyQuestion {
  readonly kind: DifyAppKind;
  readonly text: string;
  readonly inputs: JsonObject;
  readonly files: readonly DifyFileReference[];
  /** '' for a new one. */
  readonly conversationId: string;
  readonly form: readonly FormField[];
}

/** Names of variables that take the visitor's words, best first, in apps that know no message. */
const QUESTION_NAMES = ['query', 'question', 'input', 'text', 'message', 'prompt', 'content'] as const;

/** Words a question for the endpoint of its kind of app; the visitor's name is added later. */
export function wordQuestion(question: DifyQuestion): Readonly<Record<string, unknown>> {
  const { kind, text, inputs, files, conversationId, form } = question;
  const shared = { response_mode: 'streaming', files };
  switch (kind) {
    case 'chat':
      return { ...shared, query: text, inputs, conversation_id: conversationId };
    case 'completion':
      return { ...shared, query: text, inputs: withQuestion(inputs, text, form) };
    case 'workflow':
      return { ...shared, inputs: withQuestion(inputs, text, form) };
  }
}

/** Puts the visitor's words where an app without messages expects them: into a text field that is still empty. */
function withQuestion(inputs: JsonObject, text: string, form: readonly FormField[]): JsonObject {
  const empty = form.filter(({ name, type }) => {
    const value = Object.hasOwn(inputs, name) ? inputs[name] : null;
    return (type === 'text' || type === 'paragraph') && (value === null || value === '');
  });
  const named = QUESTION_NAMES.find((name) => empty.some((field) => field.name === name));
  const field =
    empty.find(({ name }) => name === named) ?? empty.find(({ isRequired }) => isRequired) ?? empty[0];
  return field === undefined ? inputs : { ...inputs, [field.name]: text };
}

/** The files in a turn's inputs, each once, in the order they are found. */
export function filesIn(inputs: JsonObject): readonly PlanFile[] {
  const found = new Map<string, PlanFile>();
  const look = (value: Json | undefined): void => {
    const file = parsePlanFile(value);
    if (file !== null) found.set(file.id, file);
    else if (Array.isArray(value)) value.forEach(look);
  };
  Object.values(inputs).forEach(look);
  return [...found.values()];
}

/** Puts references in the place of files; those without one are left out. */
export function referInputs(
  inputs: JsonObject,
  references: ReadonlyMap<string, DifyFileReference>,
): JsonObject {
  const refer = (value: Json): Json | undefined => {
    const file = parsePlanFile(value);
    if (file !== null) {
      const reference = references.get(file.id);
      return reference === undefined ? undefined : { ...reference };
    }
    return Array.isArray(value) ? value.map(refer).filter((item) => item !== undefined) : value;
  };
  const referred: Record<string, Json> = {};
  for (const [name, value] of Object.entries(inputs)) {
    const reference = refer(value);
    if (reference !== undefined) referred[name] = reference;
  }
  return referred;
}

/** Reads the id of an uploaded file; null when the answer names none. */
export function parseUploadId(value: unknown): string | null {
  const id = isRecord(value) ? value['id'] : null;
  return typeof id === 'string' && id !== '' && id.length <= 200 ? id : null;
}
