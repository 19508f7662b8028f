import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isAddress } from '../fetch/address-fault.ts';
import { quantizationOf } from '../generator/onnx/quantization.ts';
import type { ModelChoice, OnnxModel, RemoteModel } from './build-config.ts';

/** Where models of the catalogue are published. */
export const DEFAULT_MODEL_HUB = 'https://huggingface.co';

/**
 * Reads `default`, `none`, an address, the path of a GGUF file, or an id of the catalogue, with `:QUANTIZATION` behind it where one is
 * wanted; relative paths start at `folder`. What is for Transformers.js is a folder, or has `:onnx` behind it, or is an ONNX file in one.
 */
export function parseModel(text: string, folder: string): ModelChoice {
  if (text === '' || text === 'default') return { kind: 'default' };
  if (text === 'none') return { kind: 'none' };
  const onnx = parseOnnx(text, folder);
  if (onnx !== null) return onnx;
  if (isAddress(text)) return { kind: 'address', url: text };
  const path = resolve(folder, text);
  if (existsSync(path) || /[/\\]|\.gguf$/i.test(text)) return { kind: 'file', path };
  const [, id = text, quantization = null] = /^([^:]+):([^:]+)$/.exec(text) ?? [];
  return { kind: 'catalogue', id: id.toLowerCase(), quantization };
}

/** Null for what is no model for Transformers.js. */
function parseOnnx(text: string, folder: string): OnnxModel | null {
  const [, where = text, asked = null] = /^(.+?):onnx(?::([a-z0-9_]+))?$/i.exec(text) ?? [];
  const isSaid = where !== text;
  const quantization = asked?.toLowerCase() ?? null;
  if (isAddress(where)) {
    if (isSaid) return { kind: 'onnx', origin: 'address', at: where, quantization };
    return /\.onnx(?:[?#]|$)/i.test(where) ? { kind: 'onnx', ...fileIn(where, 'address') } : null;
  }
  if (isFolder(folder, where))
    return { kind: 'onnx', origin: 'folder', at: resolve(folder, where), quantization };
  const [, named = '', behind = ''] = /^(.+):([a-z0-9_]+)$/i.exec(text) ?? [];
  if (!isSaid && isFolder(folder, named))
    return { kind: 'onnx', origin: 'folder', at: resolve(folder, named), quantization: behind.toLowerCase() };
  if (!isSaid)
    return /\.onnx$/i.test(text) ? { kind: 'onnx', ...fileIn(resolve(folder, text), 'folder') } : null;
  return /[/\\]/.test(where)
    ? { kind: 'onnx', origin: 'folder', at: resolve(folder, where), quantization }
    : { kind: 'onnx', origin: 'catalogue', at: where.toLowerCase(), quantization };
}

/** The folder around an ONNX file, whose tokenizer lies there; the file itself where it stands for itself. */
function fileIn<Origin extends string>(
  file: string,
  origin: Origin,
): { readonly origin: Origin; readonly at: string; readonly quantization: string | null } {
  const [, at = file, name = ''] = /^(.+)[/\\]onnx[/\\]([^/\\]+)$/.exec(file) ?? [];
  const quantization = quantizationOf(name);
  return quantization === null ? { origin, at: file, quantization } : { origin, at, quantization };
}

function isFolder(from: string, path: string): boolean {
  return path !== '' && statSync(resolve(from, path), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Reports whether a model comes from the network. */
export function isFetched(
  choice: ModelChoice,
): choice is RemoteModel | (OnnxModel & { readonly origin: 'catalogue' | 'address' }) {
  return (
    choice.kind === 'catalogue' ||
    choice.kind === 'address' ||
    (choice.kind === 'onnx' && choice.origin !== 'folder')
  );
}

/** The address that a choice names; null where it names none. */
export function urlOf(choice: ModelChoice): string | null {
  if (choice.kind === 'address') return choice.url;
  return choice.kind === 'onnx' && choice.origin === 'address' ? choice.at : null;
}

/** Reads a SHA-256 in hexadecimal digits; null when it is none. */
export function parseSha256(text: string): string | null {
  return /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : null;
}
