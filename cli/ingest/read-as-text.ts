import { decodeSource } from './decode-source.ts';
import { findInvisible } from './find-invisible.ts';
import type { SourceDocument, SourceRemark } from './source-document.ts';
import type { FileReader, SourceFile } from './source-file.ts';

/** A file that is text, decoded. */
export interface TextFile extends SourceFile {
  readonly text: string;
}

/** What is made of a text: its documents, or why it was skipped, as a clause. */
export type ReadText = readonly SourceDocument[] | { readonly skipped: string };

/** Longest text file, in bytes. */
export const MAX_TEXT_BYTES: number = 5 * 1024 * 1024;

/** Makes the reader of a format that is text: the file is decoded, and invisible characters in it are told. */
export function readAsText(read: (file: TextFile) => ReadText): FileReader {
  return {
    maxBytes: MAX_TEXT_BYTES,
    read(file) {
      if (isBinary(file.bytes)) return Promise.resolve({ skipped: 'it is no text' });
      const { text, remark } = decodeSource(file.bytes, file.name, file.source.encoding ?? null);
      if (remark !== null) file.remark({ kind: 'encoding', line: null, message: remark });
      for (const invisible of invisibleRemarks(text)) file.remark(invisible);
      const made = read({ ...file, text });
      return Promise.resolve('skipped' in made ? made : { documents: made, text });
    },
  };
}

/** Remarks on invisible characters in a text. */
export function invisibleRemarks(text: string): Omit<SourceRemark, 'file'>[] {
  return findInvisible(text).map(({ kind, count, line }) => ({
    kind: 'invisible-characters',
    line,
    message: `${count} ${kind} were taken out`,
  }));
}

/** Zero bytes stand in no text but wide ones, where every other byte is one. */
function isBinary(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 4096);
  const zeros = start.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const isMarked = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  return zeros > 0 && !isMarked && zeros < start.length * 0.1;
}
