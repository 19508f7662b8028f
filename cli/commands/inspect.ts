import { statSync } from 'node:fs';
import { ENCODER_ROLES } from '../../src/contracts/encoder.ts';
import type { OpenedBundle } from '../ask/open-bundle-folder.ts';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { readBundleFolder } from '../build/read-bundle-folder.ts';
import { writeFileWhole } from '../build/write-file.ts';
import { formatSize } from '../terminal/format-size.ts';
import { describeReport } from '../dify/describe-report.ts';
import { inspectApp } from '../dify/inspect-app.ts';
import { reportPage } from '../dify/report-page.ts';
import type { Command } from './command.ts';
import { onePositional, parseOptions, usageError } from './command.ts';

/** `understudy inspect`. */
export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'say what runs where in a Dify app, or what a bundle holds',
  help: `Usage: understudy inspect <app.yml | understudy.yml | DIR> [options]

Of an exported Dify app: where each node runs (edge, edge-model, lead, refused) and why, which paths complete without
the cloud, what is missing and the command that supplies it, and what is left out because it is secret.
Of the folder of a bundle: what it holds, after checking every file against the manifest.

Options:
  --config FILE     understudy.yml with the owner's choices (default: the one beside the app, if there is one)
  --html FILE       write what is said of an app as a page, with the graph drawn
  --json            print one JSON object
  -h, --help        show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      config: { type: 'string' },
      html: { type: 'string' },
      json: { type: 'boolean' },
    });
    const folder = onePositional(options, 'an exported app or the folder of a bundle');
    const [config, html] = [options.text('config'), options.text('html')];
    if (statSync(folder, { throwIfNoEntry: false })?.isFile() === true) {
      const report = inspectApp(folder, config);
      if (html !== null) writeFileWhole(html, reportPage(report));
      if (options.flag('json')) terminal.out(JSON.stringify(report));
      else for (const line of describeReport(report)) terminal.out(line);
      return 0;
    }
    if (config !== null || html !== null)
      throw usageError(`--config and --html are for exported apps, and "${folder}" is no file.`);
    const { chunkList } = readBundleFolder(folder);
    const bundle = await openBundleFolder(folder, { withGenerator: false, signal });
    const { manifest } = bundle;
    const artifacts = Object.entries(manifest.artifacts).map(([name, entry]) => {
      const chunked = chunkList.artifacts[name];
      const { role, sizeBytes, need, sha256 } = entry;
      return {
        name,
        role,
        need,
        sizeBytes,
        chunks: chunked?.chunks.length ?? 0,
        encoding: chunked?.encoding ?? '',
        sha256,
      };
    });
    const facts = {
      app: manifest.appId,
      release: manifest.release,
      createdAt: manifest.createdAt,
      languages: manifest.languages,
      title: manifest.branding.title,
      documents: new Set(bundle.passages.map((passage) => passage.documentId)).size,
      passages: countByLanguage(bundle),
      intents: bundle.definitions.map(({ id, action }) => ({ id, action })),
      hasGenerator: artifacts.some((artifact) => artifact.role === 'model'),
      gate: gateFigures(bundle),
      artifacts,
    };
    if (options.flag('json')) terminal.out(JSON.stringify(facts));
    else for (const line of describe(facts)) terminal.out(line);
    return 0;
  },
};

/** How the bundle answers its own headings: the share the gate lets through, and with which confidence. */
interface GateFigures {
  readonly questions: number;
  readonly answerable: number;
  readonly medianConfidence: number;
}

interface Facts {
  readonly app: string;
  readonly release: number;
  readonly createdAt: string;
  readonly languages: readonly string[];
  readonly documents: number;
  readonly passages: { readonly [language: string]: number };
  readonly intents: readonly { readonly id: string; readonly action: string }[];
  readonly hasGenerator: boolean;
  readonly gate: GateFigures;
  readonly artifacts: readonly {
    readonly name: string;
    readonly need: string;
    readonly role: string;
    readonly sizeBytes: number;
    readonly chunks: number;
    readonly encoding: string;
  }[];
}

function describe(facts: Facts): string[] {
  const passages = Object.entries(facts.passages).map(([language, count]) => `${count} ${language}`);
  const intents = facts.intents.map(({ id, action }) => `${id} (${action})`);
  const { questions, answerable, medianConfidence } = facts.gate;
  const width = Math.max(0, ...facts.artifacts.map((artifact) => artifact.name.length));
  return [
    `${facts.app}, release ${facts.release} of ${facts.createdAt}`,
    `languages   ${facts.languages.join(', ')}`,
    `documents   ${facts.documents}`,
    `passages    ${passages.join(', ')}`,
    `intents     ${intents.length === 0 ? 'none' : intents.join(', ')}`,
    `generator   ${facts.hasGenerator ? 'yes' : 'no'}`,
    `gate        lets through ${answerable} of ${questions} of the bundle's own titles and questions, median confidence ${medianConfidence.toFixed(2)}`,
    'artifacts',
    ...facts.artifacts.map(({ name, need, role, sizeBytes, chunks, encoding }) => {
      const use =
        need === 'answer' ? 'to answer' : ENCODER_ROLES.has(role) ? 'to understand' : 'to word answers';
      return `  ${name.padEnd(width)}  ${formatSize(sizeBytes).padStart(9)}  ${String(chunks).padStart(5)} chunks, ${encoding}, ${use}`;
    }),
  ];
}

function countByLanguage({ passages }: OpenedBundle): { readonly [language: string]: number } {
  const counts: Record<string, number> = {};
  for (const { language } of passages) counts[language] = (counts[language] ?? 0) + 1;
  return counts;
}

/** Questions tried, evenly spread, so that large bundles are inspected quickly. */
const GATE_SAMPLE = 200;

function gateFigures({ passages, retriever }: OpenedBundle): GateFigures {
  const asked = new Map<string, string>();
  for (const { title, questions, language } of passages) {
    for (const text of [title, ...questions]) asked.set(text, language);
  }
  const all = [...asked];
  const step = Math.max(1, all.length / GATE_SAMPLE);
  const confidences: number[] = [];
  let answerable = 0;
  for (let at = 0; at < all.length; at += step) {
    const [text, language] = all[Math.floor(at)] ?? ['', 'en'];
    const outcome = retriever.search(text, { language });
    confidences.push(outcome.confidence);
    if (outcome.isAnswerable) answerable += 1;
  }
  confidences.sort((a, b) => a - b);
  return {
    questions: confidences.length,
    answerable,
    medianConfidence: confidences[confidences.length >> 1] ?? 0,
  };
}
