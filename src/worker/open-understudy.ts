import type { OpenBundle } from '../bundle/open-bundle.ts';
import type { Manifest } from '../contracts/bundle.ts';
import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { IntentDefinition } from '../contracts/intent.ts';
import { parsePlan } from '../contracts/parse-plan.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Responder } from '../contracts/responder.ts';
import type { Retriever } from '../contracts/retrieval.ts';
import { createGroundingCheck } from '../grounding/check.ts';
import { loadIntentClassifier } from '../intent/classify.ts';
import { parseIntentDefinitions } from '../intent/parse-definitions.ts';
import { isAppPlan, openPlan } from '../plan/open-plan.ts';
import { pageLanguagesOf } from '../plan/other-language.ts';
import { createPlanResponder } from '../plan/plan-responder.ts';
import type { PlanServices } from '../plan/step-handler.ts';
import { parsePassages } from '../retrieval/parse-passages.ts';
import { loadRetriever, type MakeComparer } from '../retrieval/retriever.ts';
import type { Senses } from '../session/open-senses.ts';
import type { FindSlots } from '../text/slots/slot.ts';
import { createPublicRequest } from './public-request.ts';

/** An understudy made from one release of a bundle. */
export interface Understudy {
  readonly release: number;
  readonly responder: Responder;
  readonly retriever: Retriever;
  /**
   * Uses an encoder from the next question on.
   * @throws UnderstudyError `bundle/artifact-invalid` when the vectors of passages or intents are damaged or another encoder's.
   */
  readonly takeEncoder: (encoder: Encoder) => Promise<void>;
}

/** What an understudy is given that no bundle brings. */
export type Surroundings = Pick<
  PlanServices,
  'engine' | 'clock' | 'sandbox' | 'conversation' | 'session' | 'awaitForm' | 'readFile'
> & { readonly fetch: (url: string, init: RequestInit) => Promise<Response> };

/** Role of what an encoder adds to the intents; absent where there are none. */
const INTENT_VECTORS = 'intent-vectors';

/** Name of the artifact that plays a role. @throws UnderstudyError `bundle/artifact-invalid` when there is none. */
export function artifactOfRole(manifest: Manifest, role: string): string {
  const found = Object.entries(manifest.artifacts).find(([, entry]) => entry.role === role);
  if (found === undefined) {
    throw new UnderstudyError('bundle/artifact-invalid', `The bundle has no artifact "${role}".`, {
      facts: { role },
    });
  }
  return found[0];
}

/** Loads what compares two things, which apps have flows of their own for. */
async function loadComparer(plan: Plan): Promise<MakeComparer | null> {
  if (isAppPlan(plan)) return null;
  return (await import('../retrieval/comparison/create-comparer.ts')).createComparer;
}

/** Loads what finds the values that a message names, for intents that ask for them. */
async function loadFindSlots(intents: readonly IntentDefinition[]): Promise<FindSlots | null> {
  if (!intents.some(({ slots = [] }) => slots.length > 0)) return null;
  return (await import('../text/slots/find-slots.ts')).findSlots;
}

/**
 * Reads the artifacts that are needed to answer and wires them to a plan.
 * @throws UnderstudyError `bundle/*`, `plan/*`.
 */
export async function openUnderstudy(
  bundle: OpenBundle,
  surroundings: Surroundings,
  signal?: AbortSignal,
): Promise<Understudy> {
  const options = signal === undefined ? {} : { signal };
  const bytes = (role: string): Promise<Uint8Array> =>
    bundle.read(artifactOfRole(bundle.manifest, role), options);
  const json = async (role: string): Promise<unknown> => {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await bytes(role)));
    } catch (cause) {
      if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
      throw new UnderstudyError('bundle/artifact-invalid', `Artifact "${role}" is no JSON.`, {
        facts: { role },
        cause,
      });
    }
  };
  const [plan, passages, index, definitions, model] = await Promise.all([
    json('plan'),
    json('passages'),
    bytes('index'),
    json('intents'),
    bytes('intent-model'),
  ]);
  const parsed = parsePassages(passages);
  let senses: Senses | null = null;
  const { fetch, ...services } = surroundings;
  const checked = parsePlan(plan);
  const intents = parseIntentDefinitions(definitions);
  const [opened, createComparer, findSlots] = await Promise.all([
    openPlan(checked),
    loadComparer(checked),
    loadFindSlots(intents),
  ]);
  const retriever = loadRetriever(index, parsed, () => senses?.passages ?? null, createComparer);
  const { allowedHosts = [] } = opened.plan;
  const responder = createPlanResponder({
    ...services,
    plan: opened,
    classifier: loadIntentClassifier(model, intents, () => senses?.messages ?? null),
    retriever,
    grounding: createGroundingCheck(),
    findSlots,
    pageLanguages: pageLanguagesOf(parsed),
    contactUrl: bundle.manifest.branding.contactUrl,
    request: createPublicRequest({ hosts: allowedHosts, fetch, clock: services.clock }),
  });
  return {
    release: bundle.manifest.release,
    responder,
    retriever,
    takeEncoder: async (encoder) => {
      const hasIntents = Object.values(bundle.manifest.artifacts).some(({ role }) => role === INTENT_VECTORS);
      // Only bundles with an encoder need it, and none before the first answers.
      const { openSenses } = await import('../session/open-senses.ts');
      senses = await openSenses(encoder, {
        passages: parsed,
        passageVectors: await bytes('vectors'),
        intentModel: model,
        intentVectors: hasIntents ? await bytes(INTENT_VECTORS) : null,
      });
    },
  };
}
