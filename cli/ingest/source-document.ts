import type { PassageMetadata } from '../../src/contracts/passage.ts';
import type { RemarkKind } from './remark-kind.ts';

/** A piece of a document that stays whole where it can, in the Markdown subset of the bundle. */
export interface Block {
  readonly kind: 'paragraph' | 'list' | 'table' | 'code';
  readonly markdown: string;
  /** The smallest parts a too long block may be cut into: list items, table rows, code lines; one for paragraphs. */
  readonly parts: readonly string[];
  /** What every cut part needs before it: the head of a table or the fence of a code block; '' otherwise. */
  readonly head: string;
  /** What every cut part needs behind it: the fence of a code block; '' otherwise. */
  readonly tail: string;
  /** Where it begins in the page, as what follows `#` in its address. Absent where the format has no such places. */
  readonly anchor?: string;
}

/** The blocks under one heading. */
export interface Section {
  /** Headings above, outermost first, without the title of the document. */
  readonly headings: readonly string[];
  readonly blocks: readonly Block[];
  /** Name of the place in the page where it begins, without `#`. Absent: the page has none. */
  readonly anchor?: string;
}

/** One page or one question-answer pair, read from a source. */
export interface SourceDocument {
  /** Stable as long as the file is not renamed (or the question not reworded). */
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly url: string | null;
  readonly tags: readonly string[];
  readonly questions: readonly string[];
  readonly sections: readonly Section[];
  /** Name of the source it belongs to. */
  readonly collection?: string;
  readonly metadata?: PassageMetadata;
}

/** A remark on a source that does not stop the build. */
export interface SourceRemark {
  readonly kind: RemarkKind;
  readonly file: string;
  /** 1-based; null when it concerns the whole file. */
  readonly line: number | null;
  readonly message: string;
}

/** A paragraph block. */
export function paragraphBlock(markdown: string): Block {
  return { kind: 'paragraph', markdown, parts: [markdown], head: '', tail: '' };
}

/** A list block of finished items, each already with its marker. */
export function listBlock(items: readonly string[]): Block {
  return { kind: 'list', markdown: items.join('\n'), parts: items, head: '', tail: '' };
}

/** A table block; the first row is the head. Cells are inline Markdown without line breaks. */
export function tableBlock(rows: readonly (readonly string[])[]): Block {
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const line = (row: readonly string[]): string => {
    const cells = Array.from({ length: columns }, (_, column) => escapeCell(row[column] ?? ''));
    return `| ${cells.join(' | ')} |`;
  };
  const [first, ...rest] = rows;
  const head = `${line(first ?? [])}\n| ${Array.from({ length: columns }, () => '---').join(' | ')} |`;
  const parts = rest.map(line);
  return { kind: 'table', markdown: [head, ...parts].join('\n'), parts, head, tail: '' };
}

/** A fenced code block. */
export function codeBlock(code: string, language: string): Block {
  let fence = '```';
  while (code.includes(fence)) fence += '`';
  const head = `${fence}${/^[\w+#.-]{1,20}$/.test(language) ? language : ''}`;
  const parts = code.split('\n');
  return { kind: 'code', markdown: `${head}\n${code}\n${fence}`, parts, head, tail: fence };
}

function escapeCell(cell: string): string {
  return cell.replace(/\s*\n\s*/g, ' ').replace(/\\?\|/g, '\\|');
}

/** Writes a remark as `file:line: message`. */
export function formatRemark({ file, line, message }: SourceRemark): string {
  return `${line === null ? file : `${file}:${line}`}: ${message}`;
}
