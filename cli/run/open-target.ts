import { resolve } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import type { PlanServices } from '../../src/plan/step-handler.ts';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { NO_KNOWLEDGE, compileDify, readApp } from '../build/compile-dify.ts';
import { hasBundle } from '../build/read-bundle-folder.ts';
import type { LoadConfigOptions } from '../config/load-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { NO_CLASSIFIER, NO_RETRIEVER } from './scripted-services.ts';

/** A plan to run, with what the target brings for its work. */
export interface RunTarget {
  readonly plan: Plan;
  readonly form: readonly FormField[];
  readonly language: string;
  readonly services: Pick<PlanServices, 'classifier' | 'retriever' | 'grounding' | 'engine'>;
  /** Things to tell the owner. */
  readonly remarks: readonly string[];
  dispose(): Promise<void>;
}

/**
 * Opens what is to be run: the folder of a bundle, with its knowledge and classifier, or an exported app (also through an understudy.yml
 * that names one), compiled, without them.
 * @throws UnderstudyError as opening a bundle or compiling an app does.
 */
export async function openTarget(
  target: string,
  options: {
    readonly config: LoadConfigOptions;
    readonly withGenerator: boolean;
    readonly signal: AbortSignal;
  },
): Promise<RunTarget> {
  const path = resolve(target);
  if (hasBundle(path)) {
    const bundle = await openBundleFolder(path, options);
    const { manifest, plan, classifier, retriever, engine, engineFault } = bundle;
    return {
      plan,
      form: manifest.form ?? [],
      language: manifest.languages[0] ?? 'en',
      services: { classifier, retriever, grounding: createGroundingCheck(), engine: () => engine },
      remarks: engineFault === null ? [] : [`${engineFault.code}: ${engineFault.message}`],
      dispose: async () => engine?.dispose(),
    };
  }
  const { app, appId, languages } = loadConfig(target, options.config);
  if (app === null)
    throw new UnderstudyError('cli/usage', `"${target}" is neither a bundle nor an exported app.`);
  const compiled = compileDify(readApp(app), app, appId, NO_KNOWLEDGE);
  return {
    plan: compiled.plan,
    form: compiled.form,
    language: languages[0] ?? 'en',
    services: {
      classifier: NO_CLASSIFIER,
      retriever: NO_RETRIEVER,
      grounding: createGroundingCheck(),
      engine: () => null,
    },
    remarks: [],
    dispose: () => Promise.resolve(),
  };
}
