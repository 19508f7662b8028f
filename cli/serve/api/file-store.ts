import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { PlanFile } from '../../../src/contracts/plan-configs.ts';
import { ApiError, invalidParam, notFound } from './api-error.ts';
import { MAX_FILE_BYTES } from './describe-app.ts';

/** Bytes of all files that are kept at once; the oldest make room. */
const MAX_KEPT_BYTES: number = 256 * 1024 * 1024;

interface StoredFile {
  readonly file: PlanFile;
  readonly user: string;
  readonly bytes: Uint8Array;
}

/** Keeps files that users sent, in memory. */
export class FileStore {
  readonly #byId = new Map<string, StoredFile>();
  #keptBytes = 0;

  /** Takes the `file` of a multipart form. @throws ApiError 400, 413. */
  async take(body: Uint8Array<ArrayBuffer>, contentType: string, user: (form: FormData) => string): Promise<PlanFile> {
    let form: FormData;
    try {
      form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    } catch {
      // TypeError: no multipart form.
      throw invalidParam('Please upload your file.');
    }
    const given = form.get('file');
    if (given === null || typeof given === 'string') throw new ApiError(400, 'no_file_uploaded', 'Please upload your file.');
    if (given.size > MAX_FILE_BYTES) throw new ApiError(413, 'file_too_large', 'File size exceeded.');
    const bytes = new Uint8Array(await given.arrayBuffer());
    const extension = extname(given.name).toLowerCase();
    const file: PlanFile = {
      kind: 'file',
      id: randomUUID(),
      name: given.name.slice(-200),
      type: typeOf(given.type, extension),
      sizeBytes: bytes.length,
      extension,
      mimeType: given.type === '' ? 'application/octet-stream' : given.type,
      url: '',
    };
    this.#keep({ file, user: user(form), bytes });
    return file;
  }

  get(id: string, user: string): PlanFile {
    const found = this.#byId.get(id);
    if (found === undefined || found.user !== user) throw notFound('File');
    return found.file;
  }

  read(id: string): Uint8Array {
    const found = this.#byId.get(id);
    if (found === undefined) throw notFound('File');
    return found.bytes;
  }

  #keep(stored: StoredFile): void {
    this.#byId.set(stored.file.id, stored);
    this.#keptBytes += stored.bytes.length;
    for (const [id, { bytes }] of this.#byId) {
      if (this.#keptBytes <= MAX_KEPT_BYTES) break;
      this.#byId.delete(id);
      this.#keptBytes -= bytes.length;
    }
  }
}

/** The kinds of files that Dify tells apart. */
function typeOf(mimeType: string, extension: string): string {
  const [kind = ''] = mimeType.split('/');
  if (kind === 'image' || kind === 'audio' || kind === 'video') return kind;
  const documents = /^\.(?:txt|md|mdx|markdown|pdf|html?|xlsx?|docx?|csv|eml|msg|pptx?|xml|epub|json|ya?ml)$/;
  return documents.test(extension) ? 'document' : 'custom';
}

/** A file in the form of the upload's answer. */
export function fileAnswer(file: PlanFile, createdAt: number): JsonObject {
  return {
    id: file.id,
    name: file.name,
    size: file.sizeBytes,
    extension: file.extension.replace(/^\./, ''),
    mime_type: file.mimeType,
    created_by: null,
    created_at: createdAt,
  };
}
