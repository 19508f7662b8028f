import { isStringArray } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import type { AppConfig } from '../config/build-config.ts';
import type { BrandingDefaults } from '../config/resolve-branding.ts';
import type { AppReport, ReportNote } from '../dify/app-report.ts';
import { compileApp } from '../dify/compile-app.ts';
import type { CompileOptions } from '../dify/compile-app.ts';
import type { DifyApp } from '../dify/dify-app.ts';
import { withoutCredentials } from '../dify/find-credentials.ts';
import { loadDifyApp } from '../dify/read-app.ts';

/** A compiled app as the commands use it. */
export interface CompiledDify {
  readonly plan: Plan;
  readonly report: AppReport;
  readonly branding: BrandingDefaults;
  /** What the visitor fills in before the first turn. */
  readonly form: readonly FormField[];
  /** Things to tell the owner: what is left to the cloud, what is missing with its command, and what was left out. */
  readonly remarks: readonly string[];
}

/** What is known of an app besides its export. */
export interface AppKnowledge {
  /** Name of the collection in the bundle by the id of the dataset in the app. */
  readonly collections: ReadonlyMap<string, string>;
  /** Datasets for which there are passages. */
  readonly datasets: ReadonlySet<string>;
  readonly annotations: Plan['annotations'];
}

/** Nothing is known. */
export const NO_KNOWLEDGE: AppKnowledge = { collections: new Map(), datasets: new Set(), annotations: [] };

/**
 * Compiles an app that was read.
 * @throws UnderstudyError `cli/config-invalid` for a choice of the owner's that cannot be done.
 */
export function compileDify(
  app: DifyApp,
  config: Pick<AppConfig, 'choices' | 'path'>,
  appId: string,
  knowledge: AppKnowledge = NO_KNOWLEDGE,
): CompiledDify {
  const { collections, datasets, annotations } = knowledge;
  const options: CompileOptions = {
    appId,
    choices: config.choices,
    annotations,
    datasets,
    path: config.path,
    collectionsOf: (dataset) => [collections.get(dataset) ?? dataset],
  };
  const { plan, report } = compileApp(app, options);
  const accent = app.iconBackground?.toLowerCase() ?? '';
  return {
    plan,
    report,
    branding: {
      title: withoutCredentials(app.name),
      greeting: withoutCredentials(app.features.openingStatement),
      accent: /^#[0-9a-f]{6}$/.test(accent) ? accent : null,
      suggestions: app.features.suggestedQuestions.map(withoutCredentials),
    },
    form: app.fields.map(cleanField),
    remarks: remarksOf(report),
  };
}

/** Reads an exported app. @throws UnderstudyError `cli/not-found`, `cli/source-invalid`, `dify/*`. */
export function readApp(config: Pick<AppConfig, 'path'>): DifyApp {
  return loadDifyApp(config.path);
}

/** Names of the collections that a plan searches. */
export function collectionsOf(plan: Plan): readonly string[] {
  const names = plan.steps.flatMap(({ kind, config }) => {
    const { collections } = config;
    return kind === 'knowledge' && isStringArray(collections) ? collections : [];
  });
  return [...new Set(names)];
}

function cleanField(field: FormField): FormField {
  const { label, options, default: value } = field;
  return {
    ...field,
    label: withoutCredentials(label),
    options: options.map(withoutCredentials),
    default: typeof value === 'string' ? withoutCredentials(value) : value,
  };
}

function remarksOf(report: AppReport): readonly string[] {
  const at = ({ line, column }: ReportNote): string => `${report.file}:${String(line)}:${String(column)}`;
  return [
    ...report.remarks.map((note) => `${at(note)}: ${note.what}`),
    ...report.leftOut.map((note) => `${at(note)}: ${note.what} is left out: a bundle is public`),
    ...report.missing.map(({ what, id, command }) =>
      [`missing: ${what}`, id === '' ? '' : ` (${id})`, command === null ? '' : `: ${command}`].join(''),
    ),
  ];
}
