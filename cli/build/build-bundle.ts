import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { Clock } from '../../src/contracts/clock.ts';
import type { ModelTask } from '../../src/contracts/model-catalogue.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import { guessLanguage } from '../../src/text/guess-language.ts';
import { type IntentTrainingSet, trainIntentModel } from '../../src/intent/train-intents.ts';
import { buildIndex } from '../../src/retrieval/build-index.ts';
import type { BuildConfig } from '../config/build-config.ts';
import { resolveBranding } from '../config/resolve-branding.ts';
import { findSecrets } from '../config/find-secrets.ts';
import { attachExpected, expectedRemarks } from '../expect/attach-expected.ts';
import { answeredRemarks, leaveOutAnswered } from '../expect/answered-misses.ts';
import { attachNearMisses, nearMissRemarks } from '../expect/attach-near-misses.ts';
import { readExpectedRows } from '../expect/expected-rows.ts';
import { readNearMissRows } from '../expect/near-miss-rows.ts';
import { makePassages } from '../ingest/passages.ts';
import type { KnowledgeServices } from '../knowledge/gather-knowledge.ts';
import { fetchSites } from '../ingest/live-site/fetch-sites.ts';
import { userAgent } from '../ingest/live-site/user-agent.ts';
import type { SiteSummary } from '../ingest/live-site/site-outcome.ts';
import { readSources } from '../ingest/read-sources.ts';
import type { SourceDocument, SourceRemark } from '../ingest/source-document.ts';
import { formatRemark } from '../ingest/source-document.ts';
import { comparePassages } from '../ingest/compare-passages.ts';
import { binaryArtifact, jsonArtifact } from './artifact-file.ts';
import type { ArtifactFile } from './artifact-file.ts';
import { prepareApp } from './prepare-app.ts';
import { openEarlierVectors } from './earlier-vectors.ts';
import { encodeAhead } from '../generator/encode-ahead.ts';
import { encoderArtifacts, textsToEncode } from './encoder-artifacts.ts';
import type { FetchModel } from '../generator/chosen-model.ts';
import { createModelFetcher } from '../models/fetch/create-model-fetcher.ts';
import { openEncoder } from '../generator/open-encoder.ts';
import { defaultPlan } from './default-plan.ts';
import { generatorArtifacts } from './generator-artifacts.ts';
import { readThesaurus } from './read-thesaurus.ts';
import { writeBundle } from './write-bundle.ts';
import type { WrittenBundle } from './write-bundle.ts';

const NO_ENCODER = 'the default encoder is not installed; pages and intents are found by their words alone';
/** Most questions of the pages that the classifier learns as "none of the intents"; more would drown the intents. */
const MAX_PAGE_TOPICS = 300;
/** Most skipped files that are named where no page is left. */
const MAX_SKIPPED = 10;

/** Options of {@link buildBundle}. */
export interface BuildBundleOptions {
  /** Folder of the bundle. */
  readonly out: string;
  readonly release?: number;
  /** Date of a new release, ISO 8601. */
  readonly createdAt: string;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
  /** For pulls, sites and models. Default the platform's. */
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** Where keys of pulls come from. Default the process's. */
  readonly environment?: { readonly [name: string]: string | undefined };
}

/** What a build made. */
export interface BuiltBundle extends WrittenBundle {
  readonly files: number;
  readonly documents: number;
  readonly passages: number;
  /** Questions that are expected of visitors. */
  readonly expected: number;
  /** Questions that no page answers. */
  readonly nearMisses: number;
  readonly intents: number;
  /** Steps of a compiled app; null for help pages. */
  readonly steps: number | null;
  readonly hasGenerator: boolean;
  readonly hasEncoder: boolean;
  /** Things to tell the owner. */
  readonly remarks: readonly string[];
  /** What fetching came to, of each source that is named by an address. */
  readonly sites: readonly SiteSummary[];
  /** Those of the remarks that are about pages, with their kinds. */
  readonly findings: readonly SourceRemark[];
}

/**
 * Builds a bundle: pages → passages → index, intents → classifier, plan, generator → chunks. Of an app, the plan is the compiled one, its
 * datasets bring passages, and the classes of its question classifiers are trained as intents.
 *
 * Deterministic: the same input gives the same artifacts, and an unchanged folder.
 * @throws UnderstudyError `cli/nothing-to-build`, `cli/source-invalid`, `cli/not-found`, `cli/site-*`, `cli/model-*`, `cli/write-failed`; for an
 *   app also `dify/*`, `cli/config-invalid`, and `dify/invalid` when its plan holds what looks like a secret.
 */
export async function buildBundle(config: BuildConfig, options: BuildBundleOptions): Promise<BuiltBundle> {
  const { onProgress = () => undefined, signal = new AbortController().signal } = options;
  const [firstLanguage = 'en'] = config.languages;
  const out = resolve(options.out);
  const pages = {
    fallbackLanguage: firstLanguage,
    ignored: new Set([...config.files, out, ...modelFolders(config)]),
    flagged: config.flagged,
    onFile: (count: number, file: string) => onProgress(`reading ${count} files: ${file}`),
    signal,
  };
  const fetched = await fetchSites(config.sources, { ...services(options), userAgent: userAgent() });
  const read = await readSources(fetched.sources, pages);
  signal.throwIfAborted();
  const app =
    config.app === null ? null : await prepareApp(config.app, config.appId, pages, services(options));
  const documents = [...read.documents, ...(app?.documents ?? [])];
  const { expectedFile, nearMissesFile } = config;
  const expected = attachExpected(
    makePassages(documents),
    expectedFile === null ? [] : readExpectedRows(expectedFile),
  );
  const missed = attachNearMisses(
    expected.passages,
    nearMissesFile === null ? [] : readNearMissRows(nearMissesFile),
  );
  const { passages: missing } = missed;
  // An app may answer without any knowledge; help pages may not.
  if (missing.length === 0 && app === null) {
    throw nothingToBuild(
      config.sources.map((source) => source.name),
      [...fetched.remarks, ...read.remarks].filter(({ kind }) => kind === 'skipped').map(formatRemark),
    );
  }
  // Before long encoding: a model that is not there, or is none, is told at once.
  onProgress('packing the generator');
  const generator = await generatorArtifacts(
    config.generator,
    config.runtime,
    modelFetcher(config, 'chat', options),
    config.engines,
    signal,
  );
  onProgress(`indexing ${missing.length} passages`);
  const index = buildIndex(missing, config.synonyms, readThesaurus());
  const { passages, answered } = leaveOutAnswered(missing, index);
  const compared = comparePassages(passages);
  signal.throwIfAborted();
  const encoder = await openEncoder(config.encoder, modelFetcher(config, 'encoder', options), signal);
  onProgress('training the intents');
  const classes = app?.classes ?? [];
  const definitions = [...config.intents.definitions, ...classes.map(({ definition }) => definition)];
  const intents: IntentTrainingSet = {
    intents: [
      ...config.intents.definitions.map(({ id, name, action }) => ({
        id,
        name,
        action,
        examples: config.intents.examples[id] ?? [],
      })),
      // A wrong class is a wrong way, whatever its definition says: it counts for the precision.
      ...classes.map(({ definition: { id, name }, examples }) => ({ id, name, examples })),
    ],
    // Questions that the pages answer belong to some class of an app, not to none.
    none: [...config.intents.none, ...(classes.length > 0 ? [] : pageTopics(documents, passages))],
  };
  let intentModel: Uint8Array;
  let encoded: readonly ArtifactFile[] = [];
  try {
    const trained = trainIntentModel(intents, { encoder: encoder?.encoder ?? null });
    intentModel = trained.bytes;
    signal.throwIfAborted();
    if (encoder !== null) {
      const earlier = await openEarlierVectors(out, encoder.sha256, signal);
      const ahead = await encodeAhead(encoder, textsToEncode(passages, earlier), {
        signal,
        onProgress: (done, of) => {
          onProgress(`encoding ${done} of ${of} texts`);
        },
      });
      const ready = { ...encoder, encoder: ahead };
      encoded = encoderArtifacts(ready, passages, earlier, trained.sense, signal, onProgress);
    }
  } finally {
    encoder?.encoder.dispose();
  }
  const artifacts: ArtifactFile[] = [
    jsonArtifact('plan', app?.plan ?? defaultPlan(config.appId)),
    jsonArtifact('passages', passages),
    binaryArtifact('index', index),
    jsonArtifact('intents', definitions),
    binaryArtifact('intent-model', intentModel),
    ...encoded,
    ...generator.artifacts,
  ];
  const languages = languagesOf(config, passages, app?.words ?? '');
  onProgress('writing the bundle');
  const written = await writeBundle(
    out,
    {
      appId: config.appId,
      languages,
      branding: resolveBranding(config.branding, app?.branding ?? { title: config.name }, languages),
      artifacts,
      engines: config.engines,
      form: app?.form ?? [],
      generator: generator.entry,
    },
    options,
  );
  const findings = [...fetched.remarks, ...read.remarks, ...compared];
  return {
    ...written,
    files: read.fileCount + (app?.fileCount ?? 0),
    documents: documents.length,
    passages: passages.length,
    expected: expected.questions,
    nearMisses: missed.questions - answered.length,
    intents: definitions.length,
    steps: app?.plan.steps.length ?? null,
    hasGenerator: generator.artifacts.length > 0,
    hasEncoder: encoded.length > 0,
    sites: fetched.sites,
    findings,
    remarks: [
      ...config.remarks,
      ...(expectedFile === null ? [] : expectedRemarks(expected)),
      ...nearMissRemarks(missed),
      ...answeredRemarks(answered),
      ...(app?.remarks ?? []),
      ...findings.map(formatRemark),
      ...secretRemarks(passages),
      ...urlRemarks(config),
      ...(encoder === null && config.encoder.kind !== 'none' ? [NO_ENCODER] : []),
      ...(generator.remark === null ? [] : [generator.remark]),
    ],
  };
}

/** Names the first files that were skipped: without them "no page" explains nothing. */
function nothingToBuild(sources: readonly string[], skipped: readonly string[]): UnderstudyError {
  const more = skipped.length > MAX_SKIPPED ? [`and ${skipped.length - MAX_SKIPPED} more`] : [];
  const told = [...skipped.slice(0, MAX_SKIPPED), ...more];
  const why = told.length === 0 ? 'there are no files' : told.join('; ');
  return new UnderstudyError(
    'cli/nothing-to-build',
    `No page with text was found in ${sources.join(', ')}: ${why}.`,
    { facts: { sources: [...sources], skipped: told } },
  );
}

/** A model's folder may lie among the pages; its JSON files are none. */
function modelFolders({ generator }: BuildConfig): readonly string[] {
  return generator.kind === 'onnx' && generator.origin === 'folder' ? [generator.at] : [];
}

function services(options: BuildBundleOptions): KnowledgeServices {
  return {
    fetch: options.fetch ?? globalThis.fetch,
    clock: options.clock ?? systemClock,
    environment: options.environment ?? process.env,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
  };
}

function modelFetcher(config: BuildConfig, task: ModelTask, options: BuildBundleOptions): FetchModel {
  const sha256 = task === 'chat' ? config.modelSha256 : null;
  return createModelFetcher(
    { hub: config.modelHub, cache: config.modelCache, sha256, task },
    services(options),
  );
}

/** The configured languages, else those of the passages, the most frequent first, else that of the app's own words. */
function languagesOf(config: BuildConfig, passages: readonly Passage[], words: string): readonly string[] {
  if (config.languages.length > 0) return config.languages;
  if (passages.length === 0) return [guessLanguage(words, 'en')];
  const counts = new Map<string, number>();
  for (const { language } of passages) counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([language]) => language);
}

function pageTopics(documents: readonly SourceDocument[], passages: readonly Passage[]): readonly string[] {
  const questions = documents.flatMap((document) => document.questions);
  const places = passages.flatMap(({ title, headings }) => [title, ...headings]);
  const topics = [...new Set([...questions, ...places])];
  const step = Math.max(1, topics.length / MAX_PAGE_TOPICS);
  return Array.from({ length: Math.min(topics.length, MAX_PAGE_TOPICS) }, (_, index) => {
    return topics[Math.floor(index * step)] ?? '';
  });
}

function secretRemarks(passages: readonly Passage[]): string[] {
  return passages.flatMap((passage) =>
    findSecrets(passage.text).map(
      ({ kind }) =>
        `${passage.id}: this looks like ${kind}; a bundle is public, so take real keys out of the page`,
    ),
  );
}

function urlRemarks(config: BuildConfig): string[] {
  const bare = config.sources.filter(
    (source) => source.site === undefined && source.url === null && statSync(source.path).isDirectory(),
  );
  if (bare.length === 0) return [];
  const names = bare.map((source) => `"${source.name}"`).join(', ');
  return [
    `pages in ${names} have no address unless they name one; set "url" of the source, as in /help/{slug}.html`,
  ];
}
