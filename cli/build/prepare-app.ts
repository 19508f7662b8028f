import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { AppConfig } from '../config/build-config.ts';
import { findSecrets } from '../config/find-secrets.ts';
import type { BrandingDefaults } from '../config/resolve-branding.ts';
import type { SourceDocument } from '../ingest/source-document.ts';
import type { KnowledgeServices } from '../knowledge/gather-knowledge.ts';
import { gatherKnowledge } from '../knowledge/gather-knowledge.ts';
import type { ClassIntent } from './class-intents.ts';
import { classIntents } from './class-intents.ts';
import { collectionsOf, compileDify, readApp } from './compile-dify.ts';

/** What an app brings into a bundle. */
export interface PreparedApp {
  readonly plan: Plan;
  readonly documents: readonly SourceDocument[];
  readonly classes: readonly ClassIntent[];
  readonly branding: BrandingDefaults;
  readonly form: readonly FormField[];
  readonly fileCount: number;
  /** Words of the app that tell its language. */
  readonly words: string;
  readonly remarks: readonly string[];
}

/**
 * Compiles an app and gathers what its export does not hold.
 * @throws UnderstudyError as {@link gatherKnowledge} and the compiler do; `dify/invalid` when the plan holds what looks like a secret.
 */
export async function prepareApp(
  app: AppConfig,
  appId: string,
  options: { readonly fallbackLanguage: string; readonly ignored: ReadonlySet<string> },
  services: KnowledgeServices,
): Promise<PreparedApp> {
  services.onProgress('compiling the app');
  const read = readApp(app);
  const knowledge = await gatherKnowledge(
    app,
    collectionsOf(compileDify(read, app, appId).plan),
    options,
    services,
  );
  // Once more, now that it is known what the collections are called and which questions are annotated.
  const { plan, branding, form, remarks: told } = compileDify(read, app, appId, knowledge);
  refuseSecrets(plan);
  const { intents, remarks } = classIntents(plan, app.classes);
  const labels = form.map(({ label }) => label);
  const titles = plan.steps.map(({ title }) => title);
  return {
    plan,
    documents: knowledge.documents,
    classes: intents,
    branding,
    form,
    fileCount: knowledge.fileCount,
    words: [branding.greeting ?? '', ...(branding.suggestions ?? []), ...labels, ...titles].join('\n'),
    remarks: [...told, ...knowledge.remarks, ...remarks],
  };
}

/** The compiler takes secrets out; what it may have missed must not be published unseen. */
function refuseSecrets(plan: Plan): void {
  const look = (part: unknown, where: string): void => {
    const [secret] = findSecrets(JSON.stringify(part));
    if (secret === undefined) return;
    throw new UnderstudyError(
      'dify/invalid',
      `${where} holds what looks like ${secret.kind}; a bundle is public.`,
      {
        facts: { where },
      },
    );
  };
  for (const step of plan.steps) look(step, `Node "${step.title || step.id}" (${step.id})`);
  plan.annotations.forEach(({ question, answer }) =>
    look([question, answer], `The annotation "${question.slice(0, 60)}"`),
  );
  look([plan.conversation, plan.environment], 'A variable of the app');
  look([plan.moderation, plan.needsLeadText], 'The moderation of the app');
}
