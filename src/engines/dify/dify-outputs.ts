import { isRecord } from '../../contracts/json.ts';

const MAX_LENGTH = 50_000;

/**
 * Words the outputs of a workflow that streamed no text: texts as they are, other values as JSON, each in a paragraph.
 * @returns '' when there is nothing to say.
 */
export function wordOutputs(outputs: Readonly<Record<string, unknown>> | null): string {
  if (outputs === null) return '';
  const values = Object.values(outputs).filter((value) => value !== null && value !== '' && !isFile(value));
  const texts = values.map((value) => (typeof value === 'string' ? value : toCode(value)));
  return texts.join('\n\n').slice(0, MAX_LENGTH);
}

function toCode(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

/** Files are shown as links, apart from the text. */
function isFile(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return isRecord(first) && (first['dify_model_identity'] === '__dify__file__' || 'transfer_method' in first);
}
