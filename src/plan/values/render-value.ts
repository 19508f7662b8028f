import { isRecord } from '../../contracts/json.ts';
import type { PlanFile } from '../../contracts/plan-configs.ts';
import { isStringArray } from '../../contracts/json.ts';
import type { PlanValue } from '../plan-value.ts';
import { isFileList, isPlanFile } from './plan-file.ts';

/*
 * Values as text, as a cloud agent written in Python shows them. Numbers are the one difference: JavaScript cannot tell 1.0 from 1,
 * so whole floats are written without `.0`.
 */

/** Deeper than anything a step makes; what lies below is written as `...`, so that no value overflows the stack. */
const MAX_DEPTH = 200;

/** Writes a value as it stands in prompts and conditions: nothing and files as '', lists of texts and objects as JSON. */
export function renderText(value: PlanValue): string {
  if (Array.isArray(value)) {
    if (isFileList(value)) return '';
    return isStringArray(value) ? writeJson(value, null) : renderPython(value);
  }
  if (value === null || isPlanFile(value)) return '';
  return isRecord(value) ? writeJson(value, null) : pythonText(value);
}

/** Writes a value as it stands in answers: lists as items, objects as indented JSON, files as links. */
export function renderMarkdown(value: PlanValue): string {
  if (isPlanFile(value)) return fileLink(value);
  if (isFileList(value)) return value.map(fileLink).join('\n');
  if (Array.isArray(value)) return value.map((item: unknown) => `- ${pythonText(item)}`).join('\n');
  if (value === null) return '';
  return isRecord(value) ? writeJson(value, '') : pythonText(value);
}

/** Writes a value as Python's `repr()` does. */
export function renderPython(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) return '...';
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return pythonNumber(value);
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map((item) => renderPython(item, depth + 1)).join(', ')}]`;
  const members = entries(value).map(([key, item]) => `${quote(key)}: ${renderPython(item, depth + 1)}`);
  return `{${members.join(', ')}}`;
}

/** Writes a value as Python's `str()` does: texts as they are, all else as {@link renderPython}. */
export function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : renderPython(value);
}

/** Members of an object that JSON would hold. */
function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value).filter(([, item]) => item !== undefined) : [];
}

/** Python goes over to exponents at 1e-4, where JavaScript does at 1e-6, and writes two digits of them. */
function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const isTiny = value !== 0 && Math.abs(value) < 1e-4;
  const text = isTiny ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Categories that Python's `str.isprintable` refuses, but for the space. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/u;

const NAMED_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
]);

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let quoted = mark;
  for (const character of text) {
    const named = character === mark ? `\\${mark}` : NAMED_ESCAPES.get(character);
    const isPlain = character === ' ' || !UNPRINTABLE.test(character);
    quoted += named ?? (isPlain ? character : numbered(character));
  }
  return quoted + mark;
}

function numbered(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** JSON as Python writes it: `", "` and `": "` on one line, or one member a line, two spaces deeper at each level. */
function writeJson(value: unknown, indent: string | null, depth = 0): string {
  if (depth > MAX_DEPTH) return '"..."';
  if (typeof value === 'number') return pythonNumber(value);
  const inner = indent === null ? null : `${indent}  `;
  const isList = Array.isArray(value);
  if (!isList && !isRecord(value)) return JSON.stringify(value ?? null);
  const members = isList
    ? value.map((item: unknown) => writeJson(item, inner, depth + 1))
    : entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${writeJson(item, inner, depth + 1)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (inner === null || members.length === 0) return `${open}${members.join(', ')}${close}`;
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent ?? ''}${close}`;
}

/** A file of the device has no address: its name stands alone. */
function fileLink(file: PlanFile): string {
  if (file.url === '') return file.name;
  if (file.type === 'image') return `![${file.name}](${file.url})`;
  return `[${file.name === '' ? file.url : file.name}](${file.url})`;
}
