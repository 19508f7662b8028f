import { isUnderstudyError } from '../../../src/contracts/errors.ts';
import { cleanLine } from '../clean-text.ts';
import { finishDocument } from '../finish-document.ts';
import type { FileReader, ReadFile } from '../source-file.ts';
import { tellHidden } from '../tell-hidden.ts';
import { docxSections } from './docx-sections.ts';
import { openDocx } from './open-docx.ts';
import type { DocxParts } from './open-docx.ts';

/** Reader of text documents (.docx). Damaged and protected ones are skipped. */
export const DOCX_READER: FileReader = {
  maxBytes: 50 * 1024 * 1024,
  async read(file): Promise<ReadFile> {
    if (isCompoundFile(file.bytes)) return { skipped: whyCompound(file.bytes) };
    let parts: DocxParts;
    try {
      parts = await openDocx(file.bytes);
    } catch (error) {
      if (!isUnderstudyError(error, 'plan/value-invalid')) throw error;
      const { reason } = error.facts;
      const what = typeof reason === 'string' ? reason : 'it cannot be read';
      return { skipped: `the document is damaged: ${what}; save it again as .docx` };
    }
    const { title, sections, hidden } = docxSections(parts);
    tellHidden(hidden, file.remark);
    const own = title ?? (parts.title === null ? null : cleanLine(parts.title));
    const page = { title: own, language: parts.language, url: null, tags: [], questions: [], sections };
    return { documents: [finishDocument(file, page)], text: '' };
  },
};

/** Reader of what is not read: says what to do. */
export const LEGACY_DOC_READER: FileReader = {
  maxBytes: 50 * 1024 * 1024,
  read: () => Promise.resolve({ skipped: 'documents of Word 97 to 2003 are not read; save it as .docx' }),
};

/** The container of older office documents, and of encrypted newer ones (MS-CFB). */
function isCompoundFile(bytes: Uint8Array): boolean {
  return [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1].every((byte, at) => bytes[at] === byte);
}

/** Names of what is in the container are UTF-16. */
function whyCompound(bytes: Uint8Array): string {
  return Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'))
    ? 'the document is protected by a password; save it without one'
    : 'it is a document of Word 97 to 2003; save it as .docx';
}
