import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeHtml, markdownToHtml } from './markdown-to-html.mjs';
import { findFile } from './static-files.mjs';

const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/;

/**
 * Writes the page of one help article of the site.
 *
 * @param {string} demoFolder
 * @param {string} language
 * @param {string} slug
 * @returns {Promise<string | null>} Null when there is no such article.
 */
export async function renderHelpPage(demoFolder, language, slug) {
  return renderArticle({
    folder: join(demoFolder, 'help'),
    file: `${language}/${slug}.md`,
    template: join(demoFolder, 'site/article.template.html'),
    values: { lang: language },
  });
}

/**
 * Writes a page from Markdown.
 *
 * @param {object} options
 * @param {string} options.folder Folder the article must lie in.
 * @param {string} options.file Its path in it.
 * @param {string} options.template File with `{{title}}`, `{{body}}` and the names of `values`.
 * @param {Record<string, string>} options.values
 * @returns {Promise<string | null>} Null when there is no such article.
 */
export async function renderArticle({ folder, file, template, values }) {
  const path = await findFile(folder, file);
  if (path === null) return null;
  const [frame, source] = await Promise.all([readFile(template, 'utf8'), readFile(path, 'utf8')]);
  const front = FRONT_MATTER.exec(source);
  const title = /^title:\s*(.*)$/m.exec(front?.[1] ?? '')?.[1]?.trim() ?? file;
  const filled = {
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escapeHtml(value)])),
    title: escapeHtml(title.replace(/^(['"])(.*)\1$/, '$2')),
    body: await markdownToHtml(source.slice(front?.[0].length ?? 0)),
  };
  return frame.replace(/\{\{([a-z]+)\}\}/g, (mark, name) => filled[name] ?? mark);
}
