import { getDocument } from 'unpdf/pdfjs';
import type { PDFDocumentProxy } from 'unpdf/pdfjs';

/** Most pixels of a picture that is decoded to see what lies behind text. */
const MAX_PIXELS = 16 * 1024 * 1024;

/** An open PDF. */
export interface OpenPdf {
  /** Pictures are left out. */
  readonly text: PDFDocumentProxy;
  /** The same with pictures, opened when it is first asked for. */
  withPictures(): Promise<PDFDocumentProxy>;
  close(): Promise<void>;
}

/**
 * Opens a PDF with the text parts of pdf.js.
 * @returns A clause that says why it cannot be read, or the open file.
 */
export async function openPdf(bytes: Uint8Array): Promise<OpenPdf | string> {
  const open = (maxImageSize: number): ReturnType<typeof getDocument> =>
    getDocument({
      // The bytes are given away.
      data: Uint8Array.from(bytes),
      maxImageSize,
      verbosity: 0,
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: false,
    });
  const tasks = [open(1)];
  const close = async (): Promise<void> => {
    await Promise.all(tasks.map(async (task) => await task.destroy()));
  };
  try {
    const [task = open(1)] = tasks;
    const text = await task.promise;
    let pictures: Promise<PDFDocumentProxy> | null = null;
    return {
      text,
      withPictures: async () => {
        if (pictures === null) {
          const second = open(MAX_PIXELS);
          tasks.push(second);
          pictures = second.promise;
        }
        return await pictures;
      },
      close,
    };
  } catch (error) {
    await close();
    return error instanceof Error && error.name === 'PasswordException'
      ? 'the PDF is protected by a password; save it without one'
      : 'the PDF is damaged and cannot be opened; export it again';
  }
}
