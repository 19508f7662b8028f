import { isRecord } from '../../contracts/json.ts';
import type { Citation } from '../../contracts/passage.ts';

const MAX_CITATIONS = 20;
const MAX_TITLE_LENGTH = 300;
const MAX_SNIPPET_LENGTH = 400;

/** Reads `retriever_resources`, of which servers send all fields or a few; what has no document name is left out. */
export function parseCitations(resources: unknown): readonly Citation[] {
  if (!Array.isArray(resources)) return [];
  const citations: Citation[] = [];
  const seen = new Set<string>();
  for (const resource of resources) {
    if (citations.length === MAX_CITATIONS) break;
    if (!isRecord(resource)) continue;
    const { document_name: name, content, segment_id: segment } = resource;
    if (typeof name !== 'string' || name.trim() === '') continue;
    // Several retrieval nodes of one run may find the same segment.
    if (typeof segment === 'string' && seen.has(segment)) continue;
    if (typeof segment === 'string') seen.add(segment);
    const title = name.trim().slice(0, MAX_TITLE_LENGTH);
    const snippet = typeof content === 'string' ? toSnippet(content) : '';
    citations.push({ index: citations.length + 1, passageId: null, title, headings: [], url: null, snippet });
  }
  return citations;
}

function toSnippet(content: string): string {
  // More than is shown need not be squeezed: a segment may be long.
  const text = content
    .slice(0, 10 * MAX_SNIPPET_LENGTH)
    .replace(/\s+/g, ' ')
    .trim();
  return text.length <= MAX_SNIPPET_LENGTH ? text : `${text.slice(0, MAX_SNIPPET_LENGTH - 1)}…`;
}
