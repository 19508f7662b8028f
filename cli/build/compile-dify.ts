import type { JsonObject } from '../../src/contracts/json.ts';
import { isStringArray } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { Plan, Step } from '../../src/contracts/plan.ts';
import type { AppConfig } from '../config/build-config.ts';
import type { BrandingDefaults } from '../config/resolve-branding.ts';
import { compileApp } from '../dify/compile-app.ts';
import { loadDifyApp } from '../dify/read-app.ts';
import { formatPlace } from '../ingest/source-error.ts';

/** A compiled app as the commands use it. */
export interface CompiledDify {
  readonly plan: Plan;
  readonly branding: BrandingDefaults;
  /** What the visitor fills in before the first turn. */
  readonly form: readonly FormField[];
  /** Ids of the datasets that the plan searches, as they stand in the export. */
  readonly datasetIds: readonly string[];
  /** Whether the lead offers questions after an answer. */
  readonly suggestsQuestions: boolean;
  readonly fileUpload: FileUpload;
  /** Things to tell the owner: what is left to the cloud, and what was left out. */
  readonly remarks: readonly string[];
}

/** Files that visitors may send with a message. */
export interface FileUpload {
  readonly isEnabled: boolean;
  readonly types: readonly string[];
  readonly extensions: readonly string[];
  readonly limit: number;
}

/**
 * Reads and compiles an exported app.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid`, `dify/*`, `cli/config-invalid` for choices about nodes that are not there.
 */
export function compileDify(config: AppConfig, appId: string): CompiledDify {
  const app = loadDifyApp(config.path);
  const { plan } = compileApp(app, { appId, choices: config.choices });
  const accent = app.iconBackground?.toLowerCase() ?? '';
  return {
    plan,
    branding: {
      title: app.name,
      greeting: app.features.openingStatement,
      accent: /^#[0-9a-f]{6}$/.test(accent) ? accent : null,
      suggestions: app.features.suggestedQuestions,
    },
    form: app.fields,
    datasetIds: datasetsOf(plan),
    suggestsQuestions: app.features.suggestsQuestionsAfterAnswer,
    fileUpload: app.features.fileUpload,
    remarks: [
      ...app.remarks.map(({ place, what }) => `${formatPlace(place)}: ${what}`),
      ...app.leftOut.map(({ place, what }) => `${formatPlace(place)}: ${what} was left out of the bundle`),
    ],
  };
}

function datasetsOf(plan: Plan): readonly string[] {
  return [...new Set(plan.steps.flatMap(collectionsOf))];
}

function collectionsOf({ kind, config }: Step): readonly string[] {
  const { collections } = config;
  return kind === 'knowledge' && isStringArray(collections) ? collections : [];
}

/** The plan with the names that the collections have in the bundle. */
export function withCollections(plan: Plan, names: ReadonlyMap<string, string>): Plan {
  const steps = plan.steps.map((step): Step => {
    const ids = collectionsOf(step);
    if (ids.length === 0) return step;
    const collections = [...new Set(ids.map((id) => names.get(id) ?? id))];
    const config: JsonObject = { ...step.config, collections };
    return { ...step, config };
  });
  return { ...plan, steps };
}
