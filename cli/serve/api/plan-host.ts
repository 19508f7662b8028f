import type { Manifest } from '../../../src/contracts/bundle.ts';
import { localize } from '../../../src/contracts/language.ts';
import type { Plan } from '../../../src/contracts/plan.ts';
import { interpretPlan } from '../../../src/plan/interpret-plan.ts';
import type { OpenedPlan } from '../../../src/plan/run/opened-plan.ts';
import type { PlanServices } from '../../../src/plan/step-handler.ts';
import type { AppHost, HostedApp } from './app-host.ts';

/** A bundle whose plan is to answer the API. */
export interface HostedBundle {
  readonly manifest: Manifest;
  readonly plan: Plan;
  readonly opened: OpenedPlan;
  readonly services: PlanServices;
}

/** Makes the host of a bundle: every turn runs its plan with variables, files and forms of its own conversation. */
export function createPlanHost({ manifest, plan, opened, services }: HostedBundle): AppHost {
  const [language = 'en'] = manifest.languages;
  const { branding } = manifest;
  const app: HostedApp = {
    appId: manifest.appId,
    title: localize(branding.title, language),
    mode: plan.mode,
    greeting: localize(branding.greeting, language),
    suggestions: branding.suggestions[language] ?? Object.values(branding.suggestions)[0] ?? [],
    form: manifest.form ?? [],
    showsCitations: plan.showsCitations,
    accent: branding.accent,
    language,
    passage: (id) => services.retriever.passage(id),
    variables: Object.fromEntries(plan.conversation.map(({ name, value }) => [name, value])),
  };
  return {
    app,
    answer: ({ turn, history, signal, sessionId, conversation, trace, awaitForm, readFile }) =>
      interpretPlan(
        opened,
        {
          ...services,
          conversation,
          trace,
          awaitForm,
          readFile,
          session: () => Promise.resolve({ id: sessionId, turns: history.length }),
        },
        turn,
        { signal, history },
      ),
  };
}
