import { resolve } from 'node:path';
import { buildBundle } from '../build/build-bundle.ts';
import type { BuiltBundle } from '../build/build-bundle.ts';
import type { BuildConfig } from '../config/build-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { DEFAULT_DIFY_URL } from '../config/parse-app.ts';
import { DEFAULT_MODEL_HUB } from '../config/parse-model.ts';
import type { ModelComparison } from '../evaluation/compare-models.ts';
import { compareModels } from '../evaluation/compare-models.ts';
import { describeComparison } from '../evaluation/describe-comparison.ts';
import { loadDefaultModel } from '../evaluation/load-default-model.ts';
import { readQuestionSet } from '../evaluation/question-set.ts';
import { describeSite } from '../ingest/live-site/site-outcome.ts';
import { REMARK_KINDS } from '../ingest/remark-kind.ts';
import { escapeHtml } from '../terminal/escape-html.ts';
import { formatSize } from '../terminal/format-size.ts';
import { createProgress } from '../terminal/progress.ts';
import { APP_KEY, KNOWLEDGE_KEY } from '../knowledge/gather-knowledge.ts';
import { APP_OPTIONS, readAppOptions } from './app-options.ts';
import { creationDate } from './creation-date.ts';
import { MODEL_HUB, MODEL_OPTIONS, readModelOptions } from './model-options.ts';
import type { Command } from './command.ts';
import { integerOption, onePositional, parseOptions, usageError } from './command.ts';

/** Remarks shown; more are counted. `--json` lists all. */
const MAX_REMARKS = 20;

/** `understudy build`. */
export const buildCommand: Command = {
  name: 'build',
  summary: 'build a bundle from an understudy.yml, a folder or site of help pages, or a Dify app',
  help: `Usage: understudy build <understudy.yml | folder | address | app.yml> --out DIR [options]

Reads the pages (Markdown, HTML, text, PDF, DOCX, OpenAPI) and question-answer files (CSV, JSONL), or compiles an exported
Dify app, and writes a folder of static files. Building again into the same folder writes what changed and raises the release; nothing changed,
nothing is written. Of an address, as in https://help.example.com/, the pages of its sitemap are fetched, else those that its links lead to, as
far as robots.txt allows; copies stay in .understudy/sites, so that the next build asks only for what changed.

Options:
  --out DIR               folder of the bundle
  --config FILE           understudy.yml of an app that is named directly
  --dataset ID=WHERE      knowledge of an app's dataset: a folder of pages, an export of segments (.json, .jsonl, .csv), or
                          pull, which reads Dify's knowledge API with the key in ${KNOWLEDGE_KEY}; repeatable
  --tenant ID             workspace of the app: decrypts the dataset ids of its export
  --annotations WHERE     a file (.json, .jsonl, .csv), or pull, with the app's key in ${APP_KEY}
  --dify-url URL          base of Dify's API (default: ${DEFAULT_DIFY_URL})
  --model WHICH           the generator: default, none, a GGUF file, an id of "understudy models list" (ID or ID:Q4_K_M), or the
                          https address of a GGUF file; for Transformers.js a FOLDER (or FOLDER:fp16) with onnx/model*.onnx and
                          its tokenizer, ID:onnx, or the address of a repository or folder with :onnx behind it
                          (default: what the configuration says); --generator is the same
  --encoder WHICH         the same for the encoder, which knows intents and pages said in other words; as GGUF alone
  --model-hub URL         base of the hub that ids are fetched from, such as a mirror (default: ${MODEL_HUB}, ${DEFAULT_MODEL_HUB})
  --model-sha256 DIGITS   what the fetched generator must hash to
  --questions FILE        measures the generator beside the default one on a set of "understudy eval answers"
  --expected FILE         questions that visitors may ask, as "understudy expect" writes them: the search finds pages by them
  --near-misses FILE      questions that no page answers, as "understudy expect --near-misses" writes them: what is like them is
                          answered with more care
  --release N             number of the release (default: one more than in the folder)
  --strict                leave out text that gives orders to a model, as "flagged: drop" of the configuration does
  --json                  print one JSON object
  -h, --help              show this text

SOURCE_DATE_EPOCH (seconds), when set, is the date of a new release.`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      out: { type: 'string' },
      ...APP_OPTIONS,
      ...MODEL_OPTIONS,
      expected: { type: 'string' },
      'near-misses': { type: 'string' },
      release: { type: 'string' },
      strict: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const target = onePositional(
      options,
      'an understudy.yml, a folder, an exported app or the address of a site',
    );
    const out = options.text('out');
    if (out === null || out === '') throw usageError('Name the folder of the bundle with --out.');
    const release = integerOption(options, 'release', 1, Number.MAX_SAFE_INTEGER);
    const expected = options.text('expected');
    const nearMisses = options.text('near-misses');
    const config = loadConfig(target, {
      ...(expected === null ? {} : { expectedFile: resolve(expected) }),
      ...(nearMisses === null ? {} : { nearMissesFile: resolve(nearMisses) }),
      ...readAppOptions(options),
      ...(options.flag('strict') ? { flagged: 'drop' as const } : {}),
      ...readModelOptions(options),
    });
    const tests = config.questionsFile === null ? null : readQuestionSet(config.questionsFile);
    const progress = createProgress(terminal);
    const started = performance.now();
    let built: BuiltBundle;
    let comparison: ModelComparison | null = null;
    let milliseconds = 0;
    try {
      built = await buildBundle(config, {
        out,
        createdAt: creationDate(),
        onProgress: (text) => progress.update(text),
        signal,
        ...(release === null ? {} : { release }),
      });
      milliseconds = Math.round(performance.now() - started);
      if (tests !== null) {
        const usual = config.generator.kind === 'default' ? null : await loadDefaultModel();
        const onProgress = (text: string): void => progress.update(text);
        comparison = await compareModels(out, tests, usual, { signal, onProgress });
      }
    } finally {
      progress.done();
    }
    if (options.flag('json')) terminal.out(JSON.stringify(toJson(built, comparison, out, milliseconds)));
    else {
      for (const warning of comparison?.warnings ?? []) terminal.note(`warning: ${warning}`);
      for (const remark of built.remarks.slice(0, MAX_REMARKS)) terminal.note(`warning: ${remark}`);
      const more = built.remarks.length - MAX_REMARKS;
      if (more > 0) terminal.note(`warning: and ${more} more; --json lists all`);
      const counts = countFindings(built.findings);
      if (counts !== '') terminal.note(`pages: ${counts}`);
      for (const line of describe(built, config, out, milliseconds)) terminal.out(line);
      if (comparison !== null) for (const line of describeComparison(comparison)) terminal.out(line);
    }
    return 0;
  },
};

function describe(built: BuiltBundle, config: BuildConfig, out: string, milliseconds: number): string[] {
  const {
    manifest,
    documents,
    passages,
    expected,
    nearMisses,
    intents,
    steps,
    sizeBytes,
    hasGenerator,
    hasEncoder,
    sites,
  } = built;
  const seconds = (milliseconds / 1000).toFixed(1);
  const what = built.isChanged ? `release ${manifest.release}` : `release ${manifest.release}, unchanged`;
  const generator = hasGenerator ? 'with generator' : 'without generator';
  const models = hasEncoder ? `${generator}, with encoder` : generator;
  const questions = [
    ...(expected > 0 ? [`${expected} expected questions`] : []),
    ...(nearMisses > 0 ? [`${nearMisses} near misses`] : []),
  ].join(' and ');
  return [
    `${manifest.appId}: ${what} in ${out} (${seconds} s)`,
    ...(steps === null ? [] : [`  app of ${steps} steps; understudy inspect says what runs where`]),
    ...sites.map((site) => `  ${describeSite(site)}`),
    `  ${documents} documents, ${passages} passages${questions === '' ? '' : ` with ${questions}`}, ${intents} intents, languages ${manifest.languages.join(', ')}, ${models}`,
    `  ${formatSize(sizeBytes)}; chunks: ${built.writtenChunks} written, ${built.keptChunks} kept`,
    `Upload the folder and put this into your pages, or try it with: understudy serve ${out}`,
    `  ${elementTag(config)}`,
  ];
}

/** How many findings there are of each kind; '' when there are none. */
function countFindings(findings: BuiltBundle['findings']): string {
  return REMARK_KINDS.flatMap((kind) => {
    const count = findings.filter((finding) => finding.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  }).join(', ');
}

/** The element with the attributes of this bundle, as it stands in a page. */
function elementTag({ lead }: BuildConfig): string {
  const code = lead === null || lead.appCode === '' ? '' : `#${lead.appCode}`;
  const attribute = lead === null ? '' : ` lead="${escapeHtml(`${lead.kind}:${lead.baseUrl}${code}`)}"`;
  return `<understudy-chat bundle="/bundle/"${attribute}></understudy-chat>`;
}

function toJson(
  built: BuiltBundle,
  comparison: ModelComparison | null,
  out: string,
  milliseconds: number,
): unknown {
  const { manifest, chunkList, ...figures } = built;
  return {
    out,
    app: manifest.appId,
    release: manifest.release,
    languages: manifest.languages,
    artifacts: Object.keys(chunkList.artifacts),
    milliseconds,
    ...figures,
    ...(comparison === null ? {} : { comparison }),
  };
}
