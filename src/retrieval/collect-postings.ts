import type { Passage } from '../contracts/passage.ts';
import { plainText } from '../text/plain-text.ts';
import { analyzeText } from './analyze.ts';
import { digestIds, GATE_SIZE, type SearchIndex, WEIGHT_STEPS } from './index-format.ts';

/** How much a field counts, and how far its length is taken into account (the b of BM25). */
interface FieldWeight {
  readonly weight: number;
  readonly lengthShare: number;
}

const FIELDS: { readonly [field: string]: FieldWeight } = {
  text: { weight: 1, lengthShare: 0.6 },
  title: { weight: 1.6, lengthShare: 0.3 },
  headings: { weight: 1.2, lengthShare: 0.3 },
  questions: { weight: 1.6, lengthShare: 0.3 },
  tags: { weight: 0.8, lengthShare: 0 },
};

function fieldTexts(passage: Passage): { readonly [field: string]: string } {
  return {
    text: plainText(passage.text),
    title: passage.title,
    headings: passage.headings.join('\n'),
    questions: passage.questions.join('\n'),
    tags: passage.tags.join('\n'),
  };
}

/** Collects the postings of all passages (BM25F: frequencies of all fields, each normalized by its own length, are added). */
export function collectPostings(
  passages: readonly Passage[],
  gate: Float32Array = new Float32Array(GATE_SIZE),
): SearchIndex {
  const names = Object.keys(FIELDS);
  const analyzed = passages.map((passage) => {
    const texts = fieldTexts(passage);
    return names.map((name) => analyzeText(texts[name] ?? '', passage.language));
  });
  const averages = names.map((_, field) => {
    const filled = analyzed.filter((fields) => (fields[field]?.length ?? 0) > 0);
    return filled.reduce((sum, fields) => sum + (fields[field]?.length ?? 0), 0) / Math.max(1, filled.length);
  });
  const lists = new Map<string, { passages: number[]; weights: number[] }>();
  analyzed.forEach((fields, number) => {
    const frequencies = new Map<string, number>();
    fields.forEach((terms, field) => {
      const { weight = 1, lengthShare = 0 } = FIELDS[names[field] ?? ''] ?? {};
      const one =
        weight / (1 - lengthShare + (lengthShare * terms.length) / Math.max(1, averages[field] ?? 1));
      for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + one);
    });
    for (const [term, frequency] of frequencies) {
      let list = lists.get(term);
      if (list === undefined) lists.set(term, (list = { passages: [], weights: [] }));
      list.passages.push(number);
      list.weights.push(Math.min(255, Math.max(1, Math.round(frequency * WEIGHT_STEPS))));
    }
  });
  const terms = [...lists.keys()].sort((left, right) => (left < right ? -1 : 1));
  const postingStart = new Uint32Array(terms.length + 1);
  terms.forEach((term, at) => {
    postingStart[at + 1] = (postingStart[at] ?? 0) + (lists.get(term)?.passages.length ?? 0);
  });
  const total = postingStart[terms.length] ?? 0;
  const numbers = new Uint32Array(total);
  const weights = new Uint8Array(total);
  terms.forEach((term, at) => {
    const list = lists.get(term);
    if (list === undefined) return;
    numbers.set(list.passages, postingStart[at]);
    weights.set(list.weights, postingStart[at]);
  });
  return {
    passageCount: passages.length,
    idsDigest: digestIds(passages),
    gate,
    terms,
    postingStart,
    passages: numbers,
    weights,
  };
}
