import { guessLanguage } from '../../src/text/guess-language.ts';
import { cleanLine, cleanText } from '../ingest/clean-text.ts';
import { readMarkdown } from '../ingest/markdown.ts';
import { paragraphBlock } from '../ingest/source-document.ts';
import type { Section, SourceDocument } from '../ingest/source-document.ts';
import type { Segment } from './segment.ts';

/**
 * Makes documents of segments: one a document, its segments as sections in their order, so that a passage never holds two; a segment
 * with an answer becomes a document of its own, found by its question.
 * @param collection - Name of the dataset in the bundle; ids of documents begin with it.
 */
export function segmentsToDocuments(
  segments: readonly Segment[],
  collection: string,
  fallbackLanguage: string,
): readonly SourceDocument[] {
  const groups = new Map<string, Segment[]>();
  for (const segment of segments) {
    const key =
      segment.answer === '' ? segment.documentId : `${segment.documentId}\n${segment.id}\n${segment.content}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [segment]);
    else group.push(segment);
  }
  const taken = new Set<string>();
  return [...groups.values()].flatMap((group): readonly SourceDocument[] => {
    const [first] = group;
    if (first === undefined) return [];
    const ordered = [...group].sort((a, b) => a.position - b.position);
    const isPair = first.answer !== '';
    const sections = ordered.flatMap((segment) => sectionsOf(isPair ? segment.answer : segment.content));
    if (sections.length === 0) return [];
    const question = cleanLine(first.content);
    const name = cleanLine(first.documentName).replace(/\.(?:md|mdx|txt|html?|pdf|docx?|csv|xlsx?)$/i, '');
    const text = ordered.map((segment) => `${segment.content}\n${segment.answer}`).join('\n');
    return [
      {
        id: freeId(
          `${collection}/${isPair ? `${first.documentId}/${String(first.position)}` : first.documentId}`,
          taken,
        ),
        title: isPair ? question : name === '' ? first.documentId : name,
        language: guessLanguage(text, fallbackLanguage),
        url: first.url,
        tags: [
          ...new Set(group.flatMap(({ keywords }) => keywords.map((word) => cleanLine(word).toLowerCase()))),
        ].slice(0, 50),
        questions: isPair ? [question] : [],
        sections,
        collection,
      },
    ];
  });
}

function sectionsOf(markdown: string): readonly Section[] {
  const { title, sections } = readMarkdown(cleanText(markdown));
  if (title === null) return sections;
  // A heading at the top of a segment stands above the rest of it.
  if (sections.length === 0) return [{ headings: [], blocks: [paragraphBlock(title)] }];
  return sections.map((section) => ({ ...section, headings: [title, ...section.headings] }));
}

function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let number = 2; taken.has(id); number += 1) id = `${wanted}~${String(number)}`;
  taken.add(id);
  return id;
}
