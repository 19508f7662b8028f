import { isUnderstudyError, toErrorReport, UnderstudyError } from '../contracts/errors.ts';
import { localize } from '../contracts/language.ts';
import type { RespondOptions, ResponderOutcome, ResponderPart } from '../contracts/responder.ts';
import type { TurnRequest } from '../contracts/turn.ts';
import { guessLanguage } from '../text/guess-language.ts';
import { BUILT_IN_TEXTS, REST_NEEDS_CONNECTION } from './built-in-texts.ts';
import { fillPool } from './run/fill-pool.ts';
import type { OpenedPlan } from './run/opened-plan.ts';
import { runLevel } from './run/run-level.ts';
import { screenTurn } from './run/screen-turn.ts';
import { ShownAnswer } from './run/shown-answer.ts';
import { toTraced, TurnRun } from './run/turn-run.ts';
import type { PlanServices } from './step-handler.ts';

/**
 * Runs a plan for one turn: its moderation and annotations first, then what visitors say that no page answers, then its steps, until
 * none is left that may run.
 *
 * A step that needs the cloud and fails without an edge for that ends the turn with words that say so, and a handoff: an answer that
 * is not whole never looks as if it were.
 * @throws UnderstudyError `plan/step-failed` when a step throws, `plan/input-invalid` when the form is not filled in as it asks,
 *   `plan/too-many-steps` and `plan/too-slow` when it does not come to an
 *   end, `plan/no-answer` when it ends without text; the signal's reason when aborted.
 */
export async function* interpretPlan(
  opened: OpenedPlan,
  services: PlanServices,
  turn: TurnRequest,
  options: RespondOptions = {},
): AsyncGenerator<ResponderPart> {
  options.signal?.throwIfAborted();
  const { plan } = opened;
  const language = guessLanguage(turn.text, turn.language);
  const heard = opened.hearMessage?.(turn.text) ?? null;
  const asked = heard === null ? turn : { ...turn, text: heard.question };
  const run = new TurnRun({ opened, services, turn: asked, language, history: options.history ?? [] });
  const screened = screenTurn(opened, turn);
  if (screened !== null) {
    yield { type: 'text-delta', text: screened.text };
    yield endOf(run, { isRefusal: screened.why === 'moderation', confidence: 1 });
    return;
  }
  // In the file that has heard it: who hears nothing loads no answers to it.
  const said =
    heard?.concern == null
      ? null
      : yield* (await import('./concern/hear-message.ts')).answerConcern(heard.concern, services);
  if (said !== null) {
    yield endOf(run, said);
    return;
  }
  const stop = new AbortController();
  const { signal: given } = options;
  const signal = given === undefined ? stop.signal : AbortSignal.any([given, stop.signal]);
  run.time.watch((error) => stop.abort(error), signal);
  const keeping: Promise<unknown>[] = [];
  const pool = await fillPool(run, (name, value) => {
    keeping.push(Promise.resolve(services.conversation?.write(name, value)).catch(() => undefined));
  });
  const shown = new ShownAnswer(plan);
  const finish = (status: 'succeeded' | 'failed', answer: string): void => {
    const isPartial = status === 'succeeded' && run.exceptions > 0;
    const results = toTraced(Object.fromEntries(run.results));
    run.trace({
      type: 'plan-finished',
      status: isPartial ? 'partial-succeeded' : status,
      outputs: plan.mode === 'workflow' ? results : { answer, ...results },
      exceptions: run.exceptions,
    });
  };
  run.trace({ type: 'plan-started' });
  const steps = runLevel(run, opened.top, {
    start: opened.top.start,
    pool,
    round: null,
    signal,
    isSkippedAround: () => false,
  });
  try {
    let answer = '';
    for (;;) {
      const next = await steps.next();
      if (next.done === true) {
        ({ answer } = next.value);
        break;
      }
      yield* shown.take(next.value);
      if (shown.isStopped) break;
    }
    yield* shown.finish();
    await Promise.all(keeping);
    finish('succeeded', shown.isStopped || answer === '' ? shown.text : answer);
    if (!shown.hasText && !run.hasResponded)
      throw new UnderstudyError('plan/no-answer', 'The plan ended without text.');
    yield endOf(run, shown.isStopped ? { isRefusal: true, isWorded: false } : {});
  } catch (error) {
    given?.throwIfAborted();
    if (isUnderstudyError(error, 'plan/no-answer')) throw error;
    finish('failed', shown.text);
    signal.throwIfAborted();
    if (toErrorReport(error).code !== 'plan/needs-lead') throw error;
    const isPart = shown.hasText || (options.shownText ?? '') !== '';
    const whole = plan.needsLeadText ?? localize(BUILT_IN_TEXTS['needs-connection'], language);
    const rest = `${shown.hasText ? '\n\n' : ''}${localize(REST_NEEDS_CONNECTION, language)}`;
    yield { type: 'text-delta', text: isPart ? rest : whole };
    yield { type: 'handoff', reason: 'needs-connection' };
    yield endOf(run, { isRefusal: true, isWorded: false, confidence: 0 });
  } finally {
    stop.abort(new DOMException('The turn has ended.', 'AbortError'));
    await steps.return({ answer: '', isBroken: false });
  }
}

function endOf(run: TurnRun, changes: Partial<ResponderOutcome>): ResponderPart {
  return { type: 'end', outcome: { ...run.outcome, ...changes } };
}
