import { finishDocument } from './finish-document.ts';
import { freeId } from './free-id.ts';
import { readCsv, readJsonl } from './question-answers.ts';
import type { QuestionAnswer } from './question-answers.ts';
import type { TextFile } from './read-as-text.ts';
import type { SourceDocument } from './source-document.ts';
import type { Source } from './source-file.ts';

/** Reads a table of questions and answers, a document each. @throws UnderstudyError `cli/source-invalid`. */
export function readCsvFile(file: TextFile): SourceDocument[] {
  return pairsToDocuments(file, readCsv(file.text, file.name));
}

/** Reads lines of questions and answers, a document each. @throws UnderstudyError `cli/source-invalid`. */
export function readJsonlFile(file: TextFile): SourceDocument[] {
  return pairsToDocuments(file, readJsonl(file.text, file.name));
}

function pairsToDocuments(file: TextFile, pairs: readonly QuestionAnswer[]): SourceDocument[] {
  const ids = new Set<string>();
  return pairs.map((pair) => {
    const { question, sections, tags, url } = pair;
    const document = finishDocument(file, {
      title: question,
      language: pair.language,
      url,
      tags,
      questions: [question],
      sections,
    });
    // The pattern of a folder of pages does not fit the rows of one file.
    const id = freeId(`${file.id}/${pair.key}`, ids);
    ids.add(id);
    return { ...document, id, url: url ?? fixedUrl(file.source) };
  });
}

function fixedUrl(source: Source): string | null {
  return source.url === null || source.url.includes('{') ? null : source.url;
}
