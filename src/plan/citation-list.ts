import type { Citation, Passage } from '../contracts/passage.ts';

const MAX_SNIPPET = 400;

/** Numbers the passages of one answer in the order in which they are first cited. */
export class CitationList {
  readonly #citations = new Map<string, Citation>();

  /**
   * Returns the passage's citation and whether it is new to this answer.
   * @param snippet - Plain text of the supporting span; cut to 400 characters.
   */
  cite(passage: Passage, snippet: string): { readonly citation: Citation; readonly isNew: boolean } {
    const known = this.#citations.get(passage.id);
    if (known !== undefined) return { citation: known, isNew: false };
    const citation: Citation = {
      index: this.#citations.size + 1,
      passageId: passage.id,
      title: passage.title,
      headings: passage.headings,
      url: passage.url,
      snippet: snippet.length > MAX_SNIPPET ? `${snippet.slice(0, MAX_SNIPPET - 1)}…` : snippet,
    };
    this.#citations.set(passage.id, citation);
    return { citation, isNew: true };
  }
}
