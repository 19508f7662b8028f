import type { Passage } from '../../src/contracts/passage.ts';
import type { Retriever } from '../../src/contracts/retrieval.ts';
import { buildIndex } from '../../src/retrieval/build-index.ts';
import { loadRetriever } from '../../src/retrieval/retriever.ts';
import { guessLanguage } from '../../src/text/guess-language.ts';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { hasBundle } from '../build/read-bundle-folder.ts';
import { readThesaurus } from '../build/read-thesaurus.ts';
import { usageError } from '../commands/command.ts';
import { loadConfig } from '../config/load-config.ts';
import { attachExpected } from '../expect/attach-expected.ts';
import { leaveOutAnswered } from '../expect/answered-misses.ts';
import { attachNearMisses } from '../expect/attach-near-misses.ts';
import { readExpectedRows } from '../expect/expected-rows.ts';
import { readNearMissRows } from '../expect/near-miss-rows.ts';
import { makePassages } from '../ingest/passages.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import { fetchSites } from '../ingest/live-site/fetch-sites.ts';
import { userAgent } from '../ingest/live-site/user-agent.ts';
import { readSources } from '../ingest/read-sources.ts';
import type { AskedQuestion } from './find-gaps.ts';

/** Pages with a search over them. */
export interface OpenedPages {
  readonly name: string;
  readonly passages: readonly Passage[];
  readonly retriever: Retriever;
  /** Examples of intents that are looked up in the pages; none of a bundle, which does not hold them. */
  readonly asked: readonly AskedQuestion[];
}

const ALL = { withExpected: true, withNearMisses: true };

/**
 * Opens the pages of a bundle, or those that an understudy.yml, a folder or the address of a site would be built of.
 * @throws UnderstudyError `cli/not-found`, `cli/config-invalid`, `cli/source-invalid`, `cli/site-*`, `bundle/*`, `cli/usage` for a Dify app or no pages.
 */
export async function openPages(
  target: string,
  signal: AbortSignal,
  options: { readonly withExpected: boolean; readonly withNearMisses: boolean } = ALL,
): Promise<OpenedPages> {
  if (hasBundle(target)) {
    const { manifest, passages, retriever } = await openBundleFolder(target, {
      withGenerator: false,
      signal,
    });
    return { name: manifest.appId, passages, retriever, asked: [] };
  }
  const config = loadConfig(target);
  if (config.app !== null)
    throw usageError('Suggestions are made for help pages: name their folder, or a bundle of the app.');
  const [fallbackLanguage = 'en'] = config.languages;
  const { sources } = await fetchSites(config.sources, {
    fetch: globalThis.fetch,
    clock: systemClock,
    userAgent: userAgent(),
    signal,
    onProgress: () => undefined,
  });
  const read = await readSources(sources, { fallbackLanguage, ignored: config.files, signal });
  const rows =
    config.expectedFile === null || !options.withExpected ? [] : readExpectedRows(config.expectedFile);
  const misses = config.nearMissesFile === null ? [] : readNearMissRows(config.nearMissesFile);
  const { passages: missing } = attachNearMisses(
    attachExpected(makePassages(read.documents), rows).passages,
    options.withNearMisses ? misses : [],
  );
  if (missing.length === 0) throw usageError(`There is no page with text in "${target}".`);
  signal.throwIfAborted();
  const index = buildIndex(missing, config.synonyms, readThesaurus());
  const { passages } = leaveOutAnswered(missing, index);
  const asked = config.intents.definitions
    .filter(({ action }) => action === 'retrieve')
    .flatMap(({ id }) => config.intents.examples[id] ?? [])
    .map((question): AskedQuestion => {
      return { question, language: guessLanguage(question, fallbackLanguage), origin: 'intent', history: [] };
    });
  return {
    name: config.appId,
    passages,
    retriever: loadRetriever(index, passages),
    asked,
  };
}
