import { isRecord, isStringArray } from './json.ts';

/** What an owner notes about a document, by name: for filters, never shown. */
export type PassageMetadata = { readonly [name: string]: string | number | boolean };

/** A span of knowledge text with its source; the unit of retrieval. */
export interface Passage {
  /** Stable within one bundle: `document id` + `#` + running number. */
  readonly id: string;
  readonly documentId: string;
  /** Title of the document. */
  readonly title: string;
  /** Headings above the passage, outermost first, without the title. */
  readonly headings: readonly string[];
  /** Address of the page it comes from, absolute or relative to the site; null when it has none. */
  readonly url: string | null;
  /** BCP 47 language of the text. */
  readonly language: string;
  /** The text in the Markdown subset of docs/formats/markdown.md: paragraphs, lists, tables, code; no images, no HTML. */
  readonly text: string;
  /** Questions this passage answers as the owner wrote them; a question-answer pair has exactly one. */
  readonly questions: readonly string[];
  /** Questions that visitors may ask and the passage answers, written by a model: they are searched and never shown. Absent: none. */
  readonly expected?: readonly string[];
  /**
   * Near misses of its document, on the first passage of it: questions that come near to what it says and that no page answers. A question
   * like them is answered with more care; they are never shown. Absent: none.
   */
  readonly nearMisses?: readonly string[];
  /** Free labels of the owner (product, audience), lower case. */
  readonly tags: readonly string[];
  /** Name of the source it comes from; absent in bundles that were built before collections. */
  readonly collection?: string;
  /** Absent when the owner noted nothing. */
  readonly metadata?: PassageMetadata;
}

/** Accepts metadata: entries that are no text, finite number or flag are left out; null when nothing is left. */
export function parsePassageMetadata(value: unknown): PassageMetadata | null {
  if (!isRecord(value)) return null;
  const entries = Object.entries(value).flatMap(([name, entry]) => {
    return isScalar(entry) ? [[name, entry] as const] : [];
  });
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

function isScalar(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

/** Accepts a {@link Passage} that came from storage or the network; null when it is none. */
export function parsePassage(value: unknown): Passage | null {
  if (!isRecord(value)) return null;
  const { id, documentId, title, headings, url, language, text, questions, tags } = value;
  if (typeof id !== 'string' || typeof documentId !== 'string' || typeof title !== 'string') return null;
  if (typeof text !== 'string' || typeof language !== 'string') return null;
  if (!(url === null || typeof url === 'string')) return null;
  if (!isStringArray(headings) || !isStringArray(questions) || !isStringArray(tags)) return null;
  const { collection, expected, nearMisses } = value;
  const metadata = parsePassageMetadata(value['metadata']);
  return {
    id,
    documentId,
    title,
    headings,
    url,
    language,
    text,
    questions,
    tags,
    ...(isStringArray(expected) && expected.length > 0 ? { expected } : {}),
    ...(isStringArray(nearMisses) && nearMisses.length > 0 ? { nearMisses } : {}),
    ...(typeof collection === 'string' ? { collection } : {}),
    ...(metadata === null ? {} : { metadata }),
  };
}

/** What a visitor sees of a passage that supports an answer. */
export interface Citation {
  /** 1-based number used as `[n]` in the answer's text. */
  readonly index: number;
  /** Null for citations of a lead, whose passages are not in the bundle. */
  readonly passageId: string | null;
  readonly title: string;
  readonly headings: readonly string[];
  readonly url: string | null;
  /** Plain text of the supporting span, at most 400 characters. */
  readonly snippet: string;
}
