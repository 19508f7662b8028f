import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import type { PlanFile } from '../../contracts/plan-configs.ts';
import type { DifyConnection } from './dify-connection.ts';
import type { DifyFileLimits } from './dify-parameters.ts';
import { fileLimitsOf } from './dify-parameters.ts';
import type { DifyFileReference } from './dify-question.ts';
import { parseUploadId } from './dify-question.ts';

/** Gives the bytes of a visitor's file; rejects when they are gone. */
export type ReadFile = (file: PlanFile, signal?: AbortSignal) => Promise<Uint8Array>;

const UPLOAD_TIMEOUT_MS = 60_000;
const PATH = '/files/upload';
/** Statuses that speak of the file: too large, of a kind that is not taken. */
const REFUSALS: ReadonlySet<unknown> = new Set([413, 415]);

/** Hands the visitor's files to the server, each once. */
export class DifyUploads {
  readonly #connection: DifyConnection;
  readonly #readFile: ReadFile | null;
  readonly #uploaded = new Map<string, DifyFileReference>();

  constructor(connection: DifyConnection, readFile: ReadFile | null) {
    this.#connection = connection;
    this.#readFile = readFile;
  }

  /**
   * Uploads what is not there yet.
   * @returns References by the ids of the files.
   * @throws UnderstudyError `turn/file-refused` for files the app does not take, `lead/*`.
   */
  async refer(
    files: readonly PlanFile[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, DifyFileReference>> {
    const references = new Map<string, DifyFileReference>();
    if (files.length === 0) return references;
    const { files: told } = await this.#connection.parameters(signal === undefined ? {} : { signal });
    const limits = told ?? fileLimitsOf(null, 10);
    const tooMany = files[limits.count];
    if (tooMany !== undefined) throw refused(tooMany, `the app takes at most ${String(limits.count)} files`);
    for (const file of files) {
      const reference = this.#uploaded.get(file.id) ?? (await this.#upload(file, limits, signal));
      this.#uploaded.set(file.id, reference);
      references.set(file.id, reference);
    }
    return references;
  }

  async #upload(file: PlanFile, limits: DifyFileLimits, signal?: AbortSignal): Promise<DifyFileReference> {
    const type = kindOf(file);
    if (file.url !== '') return { type, transfer_method: 'remote_url', url: file.url };
    const limit = limits.sizeBytes[type];
    if (file.sizeBytes > limit) throw refused(file, `the app takes at most ${String(limit)} bytes`);
    if (this.#readFile === null) throw refused(file, 'its bytes are not kept');
    const bytes = await this.#readFile(file, signal);
    const form = new FormData();
    const name = file.name.replace(/[/\\]/g, '_');
    form.set(
      'file',
      new Blob([Uint8Array.from(bytes)], { type: file.mimeType || 'application/octet-stream' }),
      name,
    );
    const shared = { timeoutMs: UPLOAD_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
    const uploaded = await this.#connection
      .sendForJson({ method: 'POST', path: PATH, form, ...shared })
      .catch((error: unknown) => {
        const isRefused = isUnderstudyError(error) && REFUSALS.has(error.facts['status']);
        throw isRefused ? refused(file, 'the app does not take it') : error;
      });
    const id = parseUploadId(uploaded);
    if (id === null) throw new UnderstudyError('lead/bad-response', 'The lead gave no id to an upload.');
    return { type, transfer_method: 'local_file', upload_file_id: id };
  }
}

function kindOf({ type }: PlanFile): keyof DifyFileLimits['sizeBytes'] {
  return type === 'image' || type === 'document' || type === 'audio' || type === 'video' ? type : 'custom';
}

function refused(file: PlanFile, why: string): UnderstudyError {
  return new UnderstudyError('turn/file-refused', `"${file.name}" cannot be sent: ${why}.`, {
    facts: { name: file.name, sizeBytes: file.sizeBytes },
  });
}
