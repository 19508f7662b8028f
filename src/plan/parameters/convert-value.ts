import type { Json } from '../../contracts/json.ts';
import { isRecord } from '../../contracts/json.ts';
import type { ParameterDefinition } from '../../contracts/plan-configs.ts';
import { normalizeText } from '../../text/normalize-text.ts';

/** Brings what a model gave into the type of its parameter; null when it is none of that type. */
export function convertValue(value: Json, { type, options }: ParameterDefinition): Json | null {
  if (value === null || value === '') return null;
  if (type.startsWith('array')) return convertList(Array.isArray(value) ? value : [value], type);
  if (type === 'object') return isRecord(value) ? value : null;
  if (typeof value === 'object') return null;
  if (type === 'boolean') return toFlag(value);
  if (type === 'number' || type === 'float' || type === 'integer') {
    const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) return null;
    return type === 'integer' ? Math.trunc(number) : number;
  }
  const text = String(value);
  if (options.length === 0) return text;
  const said = normalizeText(text).trim();
  return options.find((option) => normalizeText(option).trim() === said) ?? null;
}

/** The value of a parameter that was not found, as flows expect it. */
export function emptyValue({ type }: ParameterDefinition): Json {
  if (type.startsWith('array')) return [];
  if (type === 'number' || type === 'integer' || type === 'float') return 0;
  if (type === 'boolean') return false;
  return type === 'object' ? {} : '';
}

function convertList(items: readonly Json[], type: string): readonly Json[] {
  const inner = /\[(.+)\]/.exec(type)?.[1] ?? 'any';
  if (inner === 'any') return items;
  return items.filter((item) => (inner === 'object' ? isRecord(item) : typeof item === inner));
}

function toFlag(value: string | number | boolean): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = String(value).trim().toLowerCase();
  if (/^(?:true|yes|1|是|对)$/.test(text)) return true;
  return /^(?:false|no|0|否|不是?)$/.test(text) ? false : null;
}
