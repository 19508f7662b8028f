import type { FileHandle } from 'node:fs/promises';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UnderstudyError } from '../../../src/contracts/errors.ts';
import { formatSize } from '../../terminal/format-size.ts';
import { BrokenDownload } from '../../fetch/broken-download.ts';
import type { FetchServices } from '../../fetch/fetch-services.ts';

/** What a file of a model holds; `data` are weights without a head of their own, which may be any bytes. */
export type FileContent = 'gguf' | 'onnx' | 'json' | 'text' | 'data';

/** Where a body goes, and what it ought to be. */
export interface BodyTarget {
  readonly path: string;
  readonly url: string;
  /** Offset of its first byte in the file. */
  readonly from: number;
  /** Length of the whole file; null when the host does not say. */
  readonly totalBytes: number | null;
  readonly maxBytes: number;
  /** What it has to be. */
  readonly content: FileContent;
  /** What the host calls it. */
  readonly kind: string;
}

/** First bytes by which a file is told from a page. */
const HEAD_BYTES = 64;

/**
 * Writes the body of an answer into a file, piece by piece; the first bytes have to be those of such a file.
 * @throws BrokenDownload when it ends early; UnderstudyError `cli/model-invalid`, `cli/write-failed`; the signal's reason when aborted.
 */
export async function writeBody(
  response: Response,
  target: BodyTarget,
  services: FetchServices,
): Promise<void> {
  const { from, totalBytes, maxBytes, url } = target;
  const file = await openTarget(target);
  let position = from;
  let head = Buffer.alloc(0);
  try {
    for await (const piece of piecesOf(response, services)) {
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, piece.subarray(0, HEAD_BYTES)]);
      if (from === 0 && position < HEAD_BYTES && head.length >= HEAD_BYTES) checkHead(head, target);
      if (position + piece.length > maxBytes) {
        const what = `"${url}" is longer than ${formatSize(maxBytes)}, the most that is packed.`;
        throw new UnderstudyError('cli/model-invalid', what, { facts: { url } });
      }
      await write(file, piece, position, target);
      position += piece.length;
      const of = totalBytes === null ? '' : ` of ${formatSize(totalBytes)}`;
      services.onProgress(`downloading the model: ${formatSize(position)}${of}`);
    }
  } finally {
    await file.close();
  }
  if (from === 0) checkHead(head, target);
  if (totalBytes !== null && position < totalBytes)
    throw new BrokenDownload(`the answer ended after ${formatSize(position)} of ${formatSize(totalBytes)}`);
}

async function openTarget({ path, from }: BodyTarget): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // Bytes go where they belong: two builds at once write the same.
    return await open(path, from === 0 ? 'w' : 'r+');
  } catch (error) {
    throw writeFailed(path, error);
  }
}

async function write(
  file: FileHandle,
  piece: Uint8Array,
  position: number,
  { path }: BodyTarget,
): Promise<void> {
  try {
    for (let done = 0; done < piece.length;)
      done += (await file.write(piece, done, piece.length - done, position + done)).bytesWritten;
  } catch (error) {
    throw writeFailed(path, error);
  }
}

async function* piecesOf(
  { body }: Response,
  { signal }: FetchServices,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  try {
    while (reader !== undefined) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new BrokenDownload(`the connection broke${error instanceof Error ? ` (${error.message})` : ''}`);
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

/** First bytes of a protobuf message that can be an ONNX model: its fields are integers and bytes. */
const ONNX_HEADS: ReadonlySet<number> = new Set([0x08, 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42]);

const CONTENTS: Readonly<
  Record<FileContent, { readonly name: string; readonly begins: (text: string) => boolean }>
> = {
  gguf: { name: 'a GGUF file', begins: (text) => text.startsWith('GGUF') },
  onnx: { name: 'an ONNX file', begins: (text) => ONNX_HEADS.has(text.charCodeAt(0)) },
  json: { name: 'a JSON object', begins: (text) => /^(?:\xef\xbb\xbf)?\s*\{/.test(text) },
  text: { name: 'a text', begins: () => true },
  data: { name: 'weights', begins: () => true },
};

function checkHead(head: Buffer, { url, kind, content }: BodyTarget): void {
  const text = head.toString('latin1');
  const { name, begins } = CONTENTS[content];
  const isNote = text.startsWith('version https://git-lfs');
  // Templates and weights may begin with anything; pages begin with their type.
  const isPage = /^\s*<(?:!doctype|html)/i.test(text) || /\bhtml\b/i.test(kind);
  if (begins(text) && !isNote && (content === 'gguf' || !isPage)) return;
  const what =
    isPage || /^\s*</.test(text)
      ? 'answers with a web page, not with a file; of a hub, the address of a file has /resolve/ in it'
      : isNote
        ? 'answers with a note on where the file lies; of a hub, the address of a file has /resolve/ in it'
        : `answers with something else than ${name}`;
  throw new UnderstudyError('cli/model-invalid', `"${url}" ${what}.`, { facts: { url } });
}

function writeFailed(path: string, error: unknown): UnderstudyError {
  const why = error instanceof Error ? error.message : String(error);
  return new UnderstudyError('cli/write-failed', `"${path}" cannot be written: ${why}.`, {
    facts: { path },
    cause: error,
  });
}
