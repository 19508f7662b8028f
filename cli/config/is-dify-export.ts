import { closeSync, openSync, readSync } from 'node:fs';

/** Exports begin with `app:`, `dependencies:` or `kind:`; enough is read to pass their longest head. */
const HEAD_BYTES: number = 512 * 1024;

/**
 * Reports whether a file is an exported Dify app, or means to be one, rather than an understudy.yml: it has `workflow`,
 * `model_config` or `rag_pipeline` at the top, a `kind` of Dify's, or an `app` that is a map. It may be broken all the same.
 */
export function isDifyExport(path: string): boolean {
  const head = readHead(path);
  return (
    /^["']?(?:workflow|model_config|rag_pipeline)["']?\s*:/m.test(head) ||
    /^["']?kind["']?\s*:\s*["']?(?:app|rag_pipeline)\b/m.test(head) ||
    /^["']?app["']?\s*:\s*(?:#.*)?\r?\n[ \t]+\S/m.test(head) ||
    /^\s*\{[\s\S]{0,2000}?"(?:workflow|model_config|kind)"\s*:/.test(head)
  );
}

function readHead(path: string): string {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const handle = openSync(path, 'r');
  try {
    return bytes.toString('utf8', 0, readSync(handle, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}
