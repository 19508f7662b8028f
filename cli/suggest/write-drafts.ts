import type { Gap } from './find-gaps.ts';

/** A page for a gap, as a Markdown file. */
export interface PageDraft {
  /** Name of the file, unique among the drafts. */
  readonly name: string;
  readonly markdown: string;
}

const MAX_QUESTIONS = 20;

/**
 * Writes a page for every gap: the questions stand in its front matter, where the build finds them, and the passage that comes closest
 * below, in a comment that is never shown. What is to be written is the answer.
 */
export function writeDrafts(gaps: readonly Gap[]): readonly PageDraft[] {
  const names = new Set<string>();
  return gaps.map(({ questions }): PageDraft => {
    const [first] = questions;
    const title = first?.question ?? '';
    return {
      name: freeName(title, names),
      markdown: [
        '---',
        `title: ${JSON.stringify(title)}`,
        `language: ${first?.language ?? 'en'}`,
        'questions:',
        ...questions.slice(0, MAX_QUESTIONS).map(({ question }) => `  - ${JSON.stringify(question)}`),
        '---',
        '',
        ...closestOf(questions),
        '',
      ].join('\n'),
    };
  });
}

/** The nearest passage of all, as a comment: a page that is built by mistake then says nothing wrong. */
function closestOf(questions: Gap['questions']): readonly string[] {
  const [best] = [...questions].sort((a, b) => b.confidence - a.confidence);
  const asked = `<!-- Asked ${questions.length === 1 ? 'once' : `${questions.length} times`}; no page answers it.`;
  if (best?.closest === undefined || best.closest === null) return [`${asked} -->`];
  const { title, headings, url, documentId, text } = best.closest;
  const place = [title, ...headings].join(' › ');
  return [
    asked,
    `Closest: ${harmless(place)} (${harmless(url ?? documentId)}), confidence ${best.confidence.toFixed(2)}:`,
    '',
    harmless(text),
    '-->',
  ];
}

/** No text may end the comment it stands in. */
function harmless(text: string): string {
  return text.replace(/--(!?>)/g, '––$1');
}

function freeName(title: string, taken: Set<string>): string {
  const safe =
    title
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .slice(0, 60)
      .replace(/^-+|-+$/g, '') || 'draft';
  let name = `${safe}.md`;
  for (let number = 2; taken.has(name); number += 1) name = `${safe}-${number}.md`;
  taken.add(name);
  return name;
}
