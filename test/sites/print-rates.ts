/**
 * Prints which share of the words of made articles, and of what stands around them, reading made sites keeps:
 * `tsx test/sites/print-rates.ts`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSources } from '../../cli/ingest/read-sources.ts';
import { ARTICLES } from './articles.ts';
import { rateReading } from './rate-reading.ts';
import { SITE_STYLES } from './site-styles.ts';

const percent = (kept: number, all: number): string => `${((100 * kept) / all).toFixed(1)} %`.padStart(8);

for (const { name, write, furniture } of SITE_STYLES) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-site-'));
  for (const article of ARTICLES) writeFileSync(join(folder, `${article.slug}.html`), write(article));
  const source = { path: folder, name: 'help', language: null, url: null, tags: [] };
  const { documents } = await readSources([source], { fallbackLanguage: 'en' });
  rmSync(folder, { recursive: true, force: true });
  const sum = { content: 0, contentAll: 0, furniture: 0, furnitureAll: 0, titles: 0 };
  for (const article of ARTICLES) {
    const read = documents.find(({ id }) => id === `help/${article.slug}`);
    const text = (read?.sections ?? [])
      .flatMap(({ headings, blocks }) => [...headings, ...blocks.map(({ markdown }) => markdown)])
      .join('\n');
    const content = rateReading(article.pieces, text);
    const around = rateReading(
      [...furniture, ...ARTICLES.filter((other) => other !== article).map(({ title }) => title)],
      text,
    );
    sum.content += content.kept;
    sum.contentAll += content.all;
    sum.furniture += around.kept;
    sum.furnitureAll += around.all;
    if (read?.title === article.title) sum.titles += 1;
  }
  console.log(
    `${name.padEnd(24)} content ${percent(sum.content, sum.contentAll)}   furniture ${percent(sum.furniture, sum.furnitureAll)}   titles ${sum.titles} of ${ARTICLES.length}`,
  );
}
