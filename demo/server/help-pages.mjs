import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeHtml, markdownToHtml } from './markdown-to-html.mjs';
import { findFile } from './static-files.mjs';

const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/;

/**
 * Writes the page of one help article from its Markdown.
 *
 * @param {string} demoFolder
 * @param {string} language
 * @param {string} slug
 * @returns {Promise<string | null>} Null when there is no such article.
 */
export async function renderHelpPage(demoFolder, language, slug) {
  const path = await findFile(join(demoFolder, 'help'), `${language}/${slug}.md`);
  if (path === null) return null;
  const [template, source] = await Promise.all([
    readFile(join(demoFolder, 'site/article.template.html'), 'utf8'),
    readFile(path, 'utf8'),
  ]);
  const front = FRONT_MATTER.exec(source);
  const title = /^title:\s*(.*)$/m.exec(front?.[1] ?? '')?.[1]?.trim() ?? slug;
  const values = {
    lang: escapeHtml(language),
    title: escapeHtml(title.replace(/^(['"])(.*)\1$/, '$2')),
    body: await markdownToHtml(source.slice(front?.[0].length ?? 0)),
  };
  return template.replace(/\{\{(lang|title|body)\}\}/g, (_, name) => values[name]);
}
