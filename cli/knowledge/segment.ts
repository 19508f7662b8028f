import { isRecord, isStringArray } from '../../src/contracts/json.ts';

/** A piece of a document of a Dify dataset: the unit that Dify searches. */
export interface Segment {
  readonly id: string;
  readonly documentId: string;
  readonly documentName: string;
  /** Text, or the question in a dataset of questions and answers. */
  readonly content: string;
  /** Answer to the question; '' where the content is a text. */
  readonly answer: string;
  /** From 1. */
  readonly position: number;
  readonly keywords: readonly string[];
  /** Address of the page it was read from; null when it has none. */
  readonly url: string | null;
}

/** The document a segment belongs to, where the list of segments does not say. */
export interface SegmentOwner {
  readonly documentId: string;
  readonly documentName: string;
  readonly url: string | null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Accepts a segment in the words of Dify's API, or of an export made of it.
 * @returns `off` for one that is disabled or not finished in Dify, null for what is none.
 */
export function parseSegment(value: unknown, owner: SegmentOwner): Segment | 'off' | null {
  if (!isRecord(value)) return null;
  const content = text(value['content']) || text(value['text']) || text(value['question']);
  if (content.trim() === '') return null;
  const { enabled, status, keywords, position, archived } = value;
  if (enabled === false || archived === true) return 'off';
  if (typeof status === 'string' && status !== 'completed') return 'off';
  const documentName = text(value['document_name']) || text(value['document']) || owner.documentName;
  const documentId = text(value['document_id']) || documentName || owner.documentId;
  const url = text(value['url']);
  return {
    id: text(value['id']),
    documentId,
    documentName,
    content,
    answer: text(value['answer']),
    position: typeof position === 'number' ? position : 0,
    keywords: isStringArray(keywords) ? keywords : [],
    url: /^https?:\/\//i.test(url) ? url : owner.url,
  };
}

/** The form in which a segment is written into an export file; {@link parseSegment} reads it again. */
export function segmentRecord(segment: Segment): Record<string, unknown> {
  const { id, documentId, documentName, content, answer, position, keywords, url } = segment;
  return {
    id,
    document_id: documentId,
    document_name: documentName,
    position,
    content,
    ...(answer === '' ? {} : { answer }),
    ...(keywords.length === 0 ? {} : { keywords }),
    ...(url === null ? {} : { url }),
  };
}
