import { UnderstudyError } from '../contracts/errors.ts';
import type { PlanFile } from '../contracts/plan-configs.ts';

/** A file as a visitor attaches it. */
export interface AttachedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** Largest file, in bytes. */
export const MAX_FILE_BYTES: number = 15 * 1024 * 1024;
/** All files of a page together, in bytes. */
const MAX_SHELF_BYTES: number = 60 * 1024 * 1024;

/** Endings of names that count as documents whatever the browser calls their type. */
const DOCUMENTS: ReadonlySet<string> = new Set(
  'txt md markdown mdx pdf html htm xlsx xls docx csv eml msg pptx ppt xml epub json yaml yml'.split(' '),
);

/** Holds the files of the visitor's for as long as the page lives; the oldest go first when there are too many. */
export class FileShelf {
  readonly #files = new Map<string, Uint8Array>();
  readonly #createId: () => string;

  /** @param createId - Default: a random UUID. */
  constructor(createId: () => string = () => crypto.randomUUID()) {
    this.#createId = createId;
  }

  /** Keeps a file. @throws UnderstudyError `turn/file-refused` for one that is empty or too large. */
  add({ name, mimeType, bytes }: AttachedFile): PlanFile {
    const sizeBytes = bytes.byteLength;
    if (sizeBytes === 0 || sizeBytes > MAX_FILE_BYTES) {
      throw new UnderstudyError('turn/file-refused', `"${name}" has ${String(sizeBytes)} bytes.`, {
        facts: { name, sizeBytes, limit: MAX_FILE_BYTES },
      });
    }
    const id = this.#createId();
    this.#files.set(id, bytes);
    this.#makeRoom();
    const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0].toLowerCase() ?? '';
    const type = kindOf(mimeType, extension.slice(1));
    return { kind: 'file', id, name, type, sizeBytes, extension, mimeType, url: '' };
  }

  /** Gives the bytes of a file. Rejects with UnderstudyError `turn/file-refused` when they are gone. */
  read(file: PlanFile): Promise<Uint8Array> {
    const bytes = this.#files.get(file.id);
    if (bytes !== undefined) return Promise.resolve(bytes);
    return Promise.reject(
      new UnderstudyError('turn/file-refused', `"${file.name}" is not kept any more: attach it again.`, {
        facts: { name: file.name },
      }),
    );
  }

  /** Forgets all files. */
  clear(): void {
    this.#files.clear();
  }

  #makeRoom(): void {
    let sizeBytes = 0;
    for (const bytes of this.#files.values()) sizeBytes += bytes.byteLength;
    for (const [id, bytes] of this.#files) {
      if (sizeBytes <= MAX_SHELF_BYTES) return;
      this.#files.delete(id);
      sizeBytes -= bytes.byteLength;
    }
  }
}

/** The type of a file in Dify's words. */
function kindOf(mimeType: string, extension: string): string {
  const top = mimeType.split('/')[0] ?? '';
  if (top === 'image' || top === 'audio' || top === 'video') return top;
  return DOCUMENTS.has(extension) || top === 'text' ? 'document' : 'custom';
}
