import type { OpenBundle } from '../../src/bundle/open-bundle.ts';
import { readJson } from '../../src/bundle/fetch-file.ts';
import type { Manifest } from '../../src/contracts/bundle.ts';
import type { Engine } from '../../src/contracts/engine.ts';
import { UnderstudyError, isUnderstudyError } from '../../src/contracts/errors.ts';
import type { IntentClassifier, IntentDefinition } from '../../src/contracts/intent.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import { parsePlan } from '../../src/contracts/parse-plan.ts';
import type { Responder } from '../../src/contracts/responder.ts';
import type { Retriever } from '../../src/contracts/retrieval.ts';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import { loadIntentClassifier } from '../../src/intent/classify.ts';
import { parseIntentDefinitions } from '../../src/intent/parse-definitions.ts';
import { isAppPlan, openPlan } from '../../src/plan/open-plan.ts';
import type { OpenedPlan } from '../../src/plan/run/opened-plan.ts';
import type { PlanServices } from '../../src/plan/step-handler.ts';
import { pageLanguagesOf } from '../../src/plan/other-language.ts';
import { createPlanResponder } from '../../src/plan/plan-responder.ts';
import { createComparer } from '../../src/retrieval/comparison/create-comparer.ts';
import { parsePassages } from '../../src/retrieval/parse-passages.ts';
import { loadRetriever } from '../../src/retrieval/retriever.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import { findSlots } from '../../src/text/slots/find-slots.ts';
import { createNodeSandbox } from '../sandbox/node-sandbox.ts';
import { hasBundle } from '../build/read-bundle-folder.ts';
import { loadEngine } from './load-engine.ts';
import { loadSenses } from './load-senses.ts';
import { openFolder } from './open-folder.ts';

/** A bundle of a folder, opened as a browser opens it. */
export interface OpenedBundle {
  readonly manifest: Manifest;
  readonly passages: readonly Passage[];
  readonly definitions: readonly IntentDefinition[];
  readonly classifier: IntentClassifier;
  readonly retriever: Retriever;
  readonly responder: Responder;
  readonly plan: Plan;
  readonly opened: OpenedPlan;
  /** What the responder runs the plan with. */
  readonly services: PlanServices;
  /** Null when the bundle has no generator, it was not wanted, or it failed. */
  readonly engine: Engine | null;
  /** Why the generator failed to load; null when it did not. */
  readonly engineFault: UnderstudyError | null;
}

/** Loads the generator that words the answers of a bundle; null for none. */
export type LoadBundleEngine = (bundle: OpenBundle, signal: AbortSignal) => Promise<Engine | null>;

/** Options of {@link openBundleFolder}. */
export interface OpenBundleFolderOptions {
  /** Whether to load the generator. */
  readonly withGenerator: boolean;
  /** Default: the bundle's own. */
  readonly loadEngine?: LoadBundleEngine;
  readonly signal: AbortSignal;
}

/**
 * Opens a bundle folder with the code the browser runs: every file is checked against the manifest.
 * @throws UnderstudyError `cli/not-found`, `bundle/*`, `plan/*`.
 */
export async function openBundleFolder(
  folder: string,
  options: OpenBundleFolderOptions,
): Promise<OpenedBundle> {
  const { signal } = options;
  if (!hasBundle(folder)) {
    throw new UnderstudyError('cli/not-found', `"${folder}" holds no bundle.`, { facts: { path: folder } });
  }
  const bundle = await openFolder(folder, signal);
  const { manifest } = bundle;
  const bytes = (role: string): Promise<Uint8Array<ArrayBuffer>> =>
    bundle.read(artifactOfRole(manifest, role), { signal });
  const json = async (role: string): Promise<unknown> =>
    readJson(await bytes(role), artifactOfRole(manifest, role));
  const passages = parsePassages(await json('passages'));
  const definitions = parseIntentDefinitions(await json('intents'));
  const intentModel = await bytes('intent-model');
  const senses = await loadSenses(bundle, passages, intentModel, signal);
  const classifier = loadIntentClassifier(intentModel, definitions, () => senses?.messages ?? null);
  const plan = parsePlan(await json('plan'));
  const retriever = loadRetriever(
    await bytes('index'),
    passages,
    () => senses?.passages ?? null,
    isAppPlan(plan) ? null : createComparer,
  );
  let engine: Engine | null = null;
  let engineFault: UnderstudyError | null = null;
  if (options.withGenerator) {
    try {
      engine = await (options.loadEngine ?? loadEngine)(bundle, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isUnderstudyError(error)) throw error;
      // As in the browser: answers are extracts then.
      engineFault = error;
    }
  }
  const opened = await openPlan(plan);
  const services: PlanServices = {
    classifier,
    retriever,
    grounding: createGroundingCheck(),
    engine: () => engine,
    clock: systemClock,
    sandbox: createNodeSandbox(),
    pageLanguages: pageLanguagesOf(passages),
    contactUrl: manifest.branding.contactUrl,
    findSlots,
  };
  const responder = createPlanResponder({ plan: opened, ...services });
  return {
    manifest,
    passages,
    definitions,
    classifier,
    retriever,
    responder,
    plan,
    opened,
    services,
    engine,
    engineFault,
  };
}

function artifactOfRole(manifest: Manifest, role: string): string {
  const found = Object.entries(manifest.artifacts).find(([, entry]) => entry.role === role);
  if (found !== undefined) return found[0];
  throw new UnderstudyError('bundle/artifact-invalid', `The bundle has no artifact "${role}".`, {
    facts: { role },
  });
}
