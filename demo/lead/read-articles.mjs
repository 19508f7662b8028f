import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Reads the Markdown articles below a folder; the first folder level names the language. */
export async function readArticles(folder) {
  const articles = [];
  for (const language of (await readdir(folder, { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  )) {
    const names = (await readdir(join(folder, language.name))).filter((name) => name.endsWith('.md')).sort();
    for (const name of names) {
      const source = await readFile(join(folder, language.name, name), 'utf8');
      articles.push({ ...readArticle(source, name.replace(/\.md$/, '')), language: language.name });
    }
  }
  return articles;
}

/** Takes one article apart: its title and its blocks of plain text, each with the heading above it. */
export function readArticle(source, slug) {
  const [, front = '', body = source] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(source) ?? [];
  const title = /^title:\s*(.+)$/m.exec(front)?.[1]?.replace(/^['"]|['"]$/g, '') ?? slug;
  const sections = [];
  let heading = '';
  for (const block of body.split(/\r?\n\s*\r?\n/)) {
    const text = block.trim();
    const found = /^#{1,6}\s+(.+)$/m.exec(text);
    if (found !== null && text.startsWith('#')) heading = found[1];
    const plain = toPlain(text.startsWith('#') ? text.split('\n').slice(1).join('\n') : text);
    if (plain !== '') sections.push({ heading, text: plain });
  }
  return { slug, title, sections };
}

function toPlain(block) {
  const isTable = /^\|.*\|$/m.test(block);
  const lines = block.split('\n').filter((line) => !/^\|[\s:|-]+\|$/.test(line.trim()));
  return (isTable ? lines.slice(1) : lines)
    .map((line) =>
      line
        .trim()
        .replace(/^>\s?/, '')
        .replace(/^\|\s*|\s*\|$/g, '')
        .replace(/\s*\|\s*/g, ': ')
        .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
        .replace(/\*\*|__|`/g, ''),
    )
    .filter((line) => line !== '')
    .join('\n');
}
