import type { FileReader } from '../source-file.ts';

/** Reader of PDF files. The library is loaded with the first of them. */
export const PDF_READER: FileReader = {
  maxBytes: 50 * 1024 * 1024,
  async read(file) {
    const { readPdfFile } = await import('./read-pdf-file.ts');
    return await readPdfFile(file);
  },
};
