import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBundleFolder } from '../../cli/ask/open-bundle-folder.ts';
import { buildBundle } from '../../cli/build/build-bundle.ts';
import { loadConfig } from '../../cli/config/load-config.ts';
import { convertHelpcenter, listHelpcenters } from './helpcenter.ts';
import type { HelpcenterQuestion } from './helpcenter.ts';

// Proves that `build` takes every help centre of a data folder, and measures how often the document of a FAQ question
// comes first. Usage: tsx test/convert/prove-helpcenters.ts --data FOLDER [--set NAME]

interface Row {
  readonly set: string;
  readonly documents: number;
  readonly passages: number;
  readonly buildSeconds: number;
  readonly sizeBytes: number;
  /** Share of the dev questions whose article comes first; the train pairs are in the bundle. */
  readonly heldOut: string;
  /** The same for all questions in a bundle of the articles alone. */
  readonly articlesAlone: string;
  readonly medianMs: number;
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, set: { type: 'string' }, json: { type: 'boolean' } },
});
const sets = values.data === undefined ? [] : listHelpcenters(values.data);
const chosen = values.set === undefined ? sets : sets.filter((set) => set === values.set);
if (values.data === undefined || chosen.length === 0) {
  console.log('never-run: no help centres there; name their folder with --data FOLDER');
} else {
  const rows: Row[] = [];
  for (const set of chosen) {
    const row = await prove(values.data, set);
    rows.push(row);
    console.log(values.json === true ? JSON.stringify(row) : describe(row));
  }
}

async function prove(data: string, set: string): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-prove-'));
  const { signal } = new AbortController();
  try {
    const build = async (name: string, withPairs: boolean) => {
      const converted = convertHelpcenter(data, set, join(folder, name), { withPairs });
      const started = performance.now();
      const out = join(folder, `${name}-bundle`);
      const built = await buildBundle(loadConfig(converted.configPath), {
        out,
        createdAt: '2000-01-01T00:00:00.000Z',
      });
      const seconds = (performance.now() - started) / 1000;
      return {
        ...built,
        seconds,
        converted,
        opened: await openBundleFolder(out, { withGenerator: false, signal }),
      };
    };
    const full = await build('full', true);
    const times: number[] = [];
    const share = (opened: typeof full.opened, questions: readonly HelpcenterQuestion[]): string => {
      let hits = 0;
      for (const { question, lang, articles } of questions) {
        const started = performance.now();
        const { ranked } = opened.retriever.search(question, { language: lang });
        times.push(performance.now() - started);
        if (ranked[0]?.passage.documentId === articles[0]) hits += 1;
      }
      return questions.length === 0
        ? '–'
        : `${((100 * hits) / questions.length).toFixed(1)} % of ${questions.length}`;
    };
    const { questions } = full.converted;
    const heldOut = share(
      full.opened,
      questions.filter(({ kind }) => kind === 'dev'),
    );
    const alone = await build('alone', false);
    const articlesAlone = share(alone.opened, questions);
    times.sort((a, b) => a - b);
    return {
      set,
      documents: full.documents,
      passages: full.passages,
      buildSeconds: Math.round(full.seconds * 10) / 10,
      sizeBytes: full.sizeBytes,
      heldOut,
      articlesAlone,
      medianMs: Math.round((times[times.length >> 1] ?? 0) * 10) / 10,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describe(row: Row): string {
  return [
    row.set.padEnd(28),
    `${row.documents} documents`.padStart(15),
    `${row.passages} passages`.padStart(16),
    `${row.buildSeconds} s`.padStart(8),
    `${(row.sizeBytes / 1_000_000).toFixed(2)} MB`.padStart(9),
    `R@1 held-out ${row.heldOut}`.padStart(26),
    `R@1 articles alone ${row.articlesAlone}`.padStart(34),
    `${row.medianMs} ms`.padStart(9),
  ].join(' ');
}
