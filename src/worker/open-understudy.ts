import type { OpenBundle } from '../bundle/open-bundle.ts';
import type { Manifest } from '../contracts/bundle.ts';
import type { Clock } from '../contracts/clock.ts';
import type { Engine } from '../contracts/engine.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { parsePlan } from '../contracts/parse-plan.ts';
import type { Responder } from '../contracts/responder.ts';
import type { Retriever } from '../contracts/retrieval.ts';
import { createGroundingCheck } from '../grounding/check.ts';
import { loadIntentClassifier } from '../intent/classify.ts';
import { parseIntentDefinitions } from '../intent/parse-definitions.ts';
import { openPlan } from '../plan/open-plan.ts';
import { createPlanResponder } from '../plan/plan-responder.ts';
import { parsePassages } from '../retrieval/parse-passages.ts';
import { loadRetriever } from '../retrieval/retriever.ts';

/** An understudy made from one release of a bundle. */
export interface Understudy {
  readonly release: number;
  readonly responder: Responder;
  readonly retriever: Retriever;
}

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

/**
 * Reads the artifacts that are needed to answer and wires them to a plan.
 * @param engine - The generator, if one is ready when a turn asks for it.
 * @throws UnderstudyError `bundle/*`, `plan/*`.
 */
export async function openUnderstudy(
  bundle: OpenBundle,
  engine: () => Engine | null,
  clock: Clock,
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
  const retriever = loadRetriever(index, parsePassages(passages));
  const responder = createPlanResponder({
    plan: await openPlan(parsePlan(plan)),
    classifier: loadIntentClassifier(model, parseIntentDefinitions(definitions)),
    retriever,
    grounding: createGroundingCheck(),
    engine,
    clock,
  });
  return { release: bundle.manifest.release, responder, retriever };
}
