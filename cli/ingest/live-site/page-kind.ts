import { isUnderstudyError } from '../../../src/contracts/errors.ts';
import { decodeSource } from '../decode-source.ts';
import { decodeStrictly } from '../decode-strictly.ts';
import { bothEnds, recognizeBytes } from '../recognize-file.ts';
import type { CopyExtension } from './copy-name.ts';

/** Longest page, as for files: text, and documents. */
const MAX_TEXT_BYTES = 5 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 50 * 1024 * 1024;

const KINDS: { readonly [type: string]: CopyExtension } = {
  'text/html': '.html',
  'application/xhtml+xml': '.html',
  'text/markdown': '.md',
  'text/x-markdown': '.md',
  'text/plain': '.txt',
  'application/pdf': '.pdf',
};

/** What kind of page an answer is by its content type; null: it is none. Without a type it is held for HTML until it is read. */
export function pageKind(type: string | null, address: string): CopyExtension | null {
  const name = (type ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const kind = name === '' ? '.html' : Object.hasOwn(KINDS, name) ? (KINDS[name] ?? null) : null;
  // Servers know no type for Markdown.
  return kind === '.txt' && /\.(?:md|markdown|mdx)$/i.test(new URL(address).pathname) ? '.md' : kind;
}

/** Most bytes of a page of a kind. */
export function mostBytes(kind: CopyExtension): number {
  return kind === '.pdf' ? MAX_DOCUMENT_BYTES : MAX_TEXT_BYTES;
}

/**
 * The bytes to keep of a page, or why it is none, as a clause. Text in an encoding that only the answer names is kept as UTF-8, since a file
 * has no headers.
 * @param encoding - What the owner says; null: nothing.
 */
export function checkPage(
  bytes: Uint8Array,
  kind: CopyExtension,
  type: string | null,
  encoding: string | null,
): { readonly bytes: Uint8Array } | { readonly fault: string } {
  if (kind === '.pdf') {
    const isPdf = Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-');
    return isPdf ? { bytes } : { fault: 'it is called a PDF, and is none' };
  }
  const fault = recognizeBytes(...bothEnds(bytes));
  if (fault !== null) return { fault };
  const declared = /;\s*charset\s*=\s*["']?([\w:.-]{1,40})/i.exec(type ?? '')?.[1];
  if (encoding === null && declared !== undefined && decodeStrictly(bytes, 'utf-8') === null) {
    const text = decodeStrictly(bytes, declared);
    if (text !== null) return { bytes: Buffer.from(text) };
  }
  try {
    decodeSource(bytes, 'the page', encoding);
  } catch (error) {
    if (!isUnderstudyError(error, 'cli/source-invalid')) throw error;
    return { fault: 'its encoding cannot be told' };
  }
  return { bytes };
}
