import type { JsonObject } from '../../contracts/json.ts';
import type { RankedPassage } from '../../contracts/retrieval.ts';

/** A passage with its score on the scale of confidences, 0 to 1. */
export interface RatedPassage extends RankedPassage {
  readonly confidence: number;
}

/**
 * Rates passages of one search: the best has the confidence of the search, the others as much less as they score less.
 * Ranking scores compare within one search only; thresholds need a scale that means the same in every one.
 */
export function ratePassages(ranked: readonly RankedPassage[], confidence: number): readonly RatedPassage[] {
  const best = ranked.reduce((most, { score }) => Math.max(most, score), 0);
  return ranked.map((one) => ({
    ...one,
    confidence: best > 0 ? confidence * Math.max(0, one.score / best) : confidence,
  }));
}

/** Writes passages in the shape that flows written for Dify read. */
export function resultItems(rated: readonly RatedPassage[]): readonly JsonObject[] {
  return rated.map(({ passage, confidence }, at) => {
    const { id, documentId, title, text, url, collection = '', metadata = {} } = passage;
    return {
      content: text,
      title,
      url: url ?? '',
      icon: null,
      metadata: {
        _source: 'knowledge',
        position: at + 1,
        dataset_id: collection,
        dataset_name: collection,
        document_id: documentId,
        document_name: title,
        data_source_type: 'upload_file',
        segment_id: id,
        segment_position: segmentPosition(id),
        segment_word_count: text.length,
        retriever_from: 'workflow',
        score: Math.round(confidence * 10_000) / 10_000,
        doc_metadata: { ...metadata },
      },
      files: [],
      summary: null,
    };
  });
}

/** The running number behind `#` in the id of a passage. */
function segmentPosition(id: string): number {
  const number = Number(/#(\d+)$/.exec(id)?.[1]);
  return Number.isInteger(number) ? number : 0;
}
