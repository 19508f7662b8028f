import { UnderstudyError, isUnderstudyError } from '../../contracts/errors.ts';
import type { PlanFile } from '../../contracts/plan-configs.ts';
import { damagedDocument } from './document-error.ts';
import { decodeText } from './decode-text.ts';
import { csvTable } from './delimited-table.ts';
import { docxText } from './docx-text.ts';
import { emlText } from './eml-text.ts';
import { epubText } from './epub-text.ts';
import { odtText } from './odt-text.ts';
import { pptxText } from './pptx-text.ts';
import { xlsxText } from './xlsx-text.ts';

type Extract = (bytes: Uint8Array) => string | Promise<string>;

/** Extensions whose text is the file; HTML and XML are given with their tags. */
const PLAIN =
  '.txt .markdown .md .mdx .html .htm .xml .c .h .cpp .hpp .cc .cxx .c++ .py .js .ts .jsx .tsx .java .php .rb .go .rs .swift .kt ' +
  '.scala .sh .bash .bat .ps1 .sql .r .m .pl .lua .vim .asm .s .css .scss .less .sass .ini .cfg .conf .toml .env .log .vtt .yaml .yml';

const BY_EXTENSION: ReadonlyMap<string, Extract> = new Map<string, Extract>([
  ...PLAIN.split(' ').map((extension): [string, Extract] => [extension, decodeText]),
  ['.json', jsonText],
  ['.csv', (bytes) => csvTable(decodeText(bytes))],
  ['.properties', propertiesText],
  ['.docx', docxText],
  ['.xlsx', xlsxText],
  ['.pptx', pptxText],
  ['.epub', epubText],
  ['.odt', odtText],
  ['.eml', emlText],
]);

/** What a kind of content is called as an extension. */
const EXTENSION_OF: ReadonlyMap<string, string> = new Map([
  ['text/plain', '.txt'],
  ['text/html', '.html'],
  ['text/htm', '.html'],
  ['text/markdown', '.md'],
  ['text/xml', '.xml'],
  ['text/vtt', '.vtt'],
  ['text/csv', '.csv'],
  ['text/yaml', '.yaml'],
  ['text/properties', '.properties'],
  ['application/x-yaml', '.yaml'],
  ['application/json', '.json'],
  ['application/pdf', '.pdf'],
  ['application/msword', '.doc'],
  ['application/vnd.ms-excel', '.xls'],
  ['application/vnd.ms-powerpoint', '.ppt'],
  ['application/vnd.ms-outlook', '.msg'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', '.docx'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', '.xlsx'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', '.pptx'],
  ['application/vnd.oasis.opendocument.text', '.odt'],
  ['application/epub+zip', '.epub'],
  ['message/rfc822', '.eml'],
]);

/** What the cloud agent reads and the device does not. */
const CLOUD_ONLY: ReadonlySet<string> = new Set(['.pdf', '.doc', '.xls', '.ppt', '.msg']);

/**
 * Reads the text of a document, by its extension, else by its kind of content.
 *
 * @throws UnderstudyError `plan/needs-lead` for kinds that only the cloud reads; `plan/value-invalid` for kinds that hold no text, and
 *   for damaged files.
 */
export async function extractText(file: PlanFile, bytes: Uint8Array): Promise<string> {
  const kind =
    file.extension === '' ? (EXTENSION_OF.get(mediaType(file)) ?? '') : file.extension.toLowerCase();
  const facts = { file: file.name, kind: kind === '' ? file.mimeType : kind };
  if (CLOUD_ONLY.has(kind))
    throw new UnderstudyError('plan/needs-lead', `The device cannot read ${kind} files.`, { facts });
  const extract = BY_EXTENSION.get(kind);
  if (extract === undefined)
    throw new UnderstudyError('plan/value-invalid', `"${file.name}" is of a kind that holds no text.`, {
      facts,
    });
  try {
    return await extract(bytes);
  } catch (error) {
    if (isUnderstudyError(error)) throw error;
    throw damagedDocument(`"${file.name}" is damaged`, error);
  }
}

function mediaType({ mimeType }: PlanFile): string {
  return mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
}

function jsonText(bytes: Uint8Array): string {
  const value: unknown = JSON.parse(decodeText(bytes));
  return JSON.stringify(value, null, 2);
}

/** Lines of settings as `name: value`; comments stay. */
function propertiesText(bytes: Uint8Array): string {
  const lines = decodeText(bytes)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  return lines
    .map((line) => {
      const text = line.trim();
      if (text === '' || text.startsWith('#') || text.startsWith('!')) return text;
      const at = text.includes('=') ? text.indexOf('=') : text.indexOf(':');
      const [name, value] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
      return `${name.trim()}: ${value.trim()}`;
    })
    .join('\n');
}
