import type { Json } from '../../contracts/json.ts';
import { isOfType } from '../values/value-type.ts';
import type { PlanValue } from '../plan-value.ts';
import { PlanPool } from './plan-pool.ts';
import type { TurnRun } from './turn-run.ts';

/**
 * Makes the variables a turn begins with: `turn`, `session`, `sys`, `env` and `conversation`.
 *
 * @param onConversation - Told of every variable of the conversation that is written.
 */
export async function fillPool(
  run: TurnRun,
  onConversation: (name: string, value: PlanValue) => void,
): Promise<PlanPool> {
  const { turn, language, history, services, opened } = run;
  const { plan, isApp } = opened;
  const pool = new PlanPool(onConversation);
  const fill = (scope: string, values: { readonly [name: string]: Json }): void => {
    for (const [name, value] of Object.entries(values)) pool.fill(scope, name, value);
  };
  fill('turn', { text: turn.text, language, pageUrl: turn.pageUrl, ...turn.inputs });
  fill('session', { turns: history.length });
  if (!isApp) return pool;
  const session = (await services.session?.()) ?? { id: '', turns: history.length };
  fill('sys', {
    query: turn.text,
    files: (turn.files ?? []).map((file) => ({ ...file })),
    conversation_id: session.id,
    user_id: session.id,
    // The first turn is the first.
    dialogue_count: session.turns + 1,
    app_id: plan.appId,
    workflow_id: plan.appId,
    workflow_run_id: turn.id,
    timestamp: Math.floor(services.clock.now() / 1000),
  });
  for (const { name, value } of plan.environment) pool.fill('env', name, value);
  if (plan.conversation.length === 0) return pool;
  const kept = (await services.conversation?.read()) ?? {};
  for (const { name, type, value } of plan.conversation) {
    const found = Object.hasOwn(kept, name) ? kept[name] : undefined;
    // A later release may have given the variable another type.
    pool.fill('conversation', name, found !== undefined && isOfType(found, type) ? found : value);
  }
  return pool;
}
