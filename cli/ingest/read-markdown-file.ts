import { cleanLine } from './clean-text.ts';
import { finishDocument } from './finish-document.ts';
import { splitFrontMatter } from './front-matter.ts';
import { readMarkdown } from './markdown.ts';
import type { TextFile } from './read-as-text.ts';
import type { SourceDocument } from './source-document.ts';

/** Reads a Markdown page with its front matter. @throws UnderstudyError `cli/source-invalid` for broken front matter. */
export function readMarkdownFile(file: TextFile): SourceDocument[] {
  const { front, body } = splitFrontMatter(
    file.text.replace(/\r\n?/g, '\n').replace(/^\ufeff/, ''),
    file.name,
  );
  const isMdx = file.name.toLowerCase().endsWith('.mdx');
  const { title, sections } = readMarkdown(isMdx ? body.replace(/^(?:import|export)\s.*$/gm, '') : body);
  const { language, url, tags, questions, metadata } = front;
  // A heading that only repeats the front matter's title says nothing more.
  const heading = title !== null && front.title !== null && cleanLine(title) !== front.title ? title : null;
  const told =
    heading === null
      ? sections
      : sections.map((section) => ({ ...section, headings: [heading, ...section.headings] }));
  const page = { title: front.title ?? title, language, url, tags, questions, sections: told };
  return [finishDocument(file, metadata === null ? page : { ...page, metadata })];
}
