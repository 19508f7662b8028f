import { decodeSource } from './decode-source.ts';
import { findInvisible } from './find-invisible.ts';
import { findMojibake } from './find-mojibake.ts';
import { bothEnds, recognizeBytes } from './recognize-file.ts';
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
      const other = recognizeBytes(...bothEnds(file.bytes));
      if (other !== null) return Promise.resolve({ skipped: other });
      const { text, remark } = decodeSource(file.bytes, file.name, file.source.encoding ?? null);
      if (remark !== null) file.remark({ kind: 'encoding', line: null, message: remark });
      for (const found of [...mojibakeRemarks(text), ...invisibleRemarks(text)]) file.remark(found);
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

/** A remark on text that was decoded wrongly before it was saved. */
function mojibakeRemarks(text: string): Omit<SourceRemark, 'file'>[] {
  const found = findMojibake(text);
  if (found === null) return [];
  const { piece, count, line } = found;
  const more = count === 1 ? '' : `, and so are ${count - 1} other places`;
  const message = `"${piece}" was saved in a wrong encoding${more}; save the page anew from its original`;
  return [{ kind: 'encoding', line, message }];
}
