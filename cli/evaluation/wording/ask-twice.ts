import type { AnsweredQuestion } from '../../ask/answer-question.ts';
import { answerInConversation } from '../../ask/answer-question.ts';
import type { OpenedBundle } from '../../ask/open-bundle-folder.ts';
import type { Responder, ResponderPart } from '../../../src/contracts/responder.ts';
import type { Retriever } from '../../../src/contracts/retrieval.ts';
import { createPlanResponder } from '../../../src/plan/plan-responder.ts';
import type { Wording } from '../../../src/plan/step-handler.ts';
import type { TestQuestion } from '../question-set.ts';
import type { WatchedEngine, WrittenText } from './watched-engine.ts';

/** One answer with the time to its first text; null when it has none. */
export interface TimedAnswer extends AnsweredQuestion {
  readonly firstTextMs: number | null;
}

/** What a bundle answers to one question without its generator and with it. */
export interface AnsweredTwice {
  readonly extract: TimedAnswer;
  readonly worded: TimedAnswer;
  /** What became of the extracts that were to be worded; none where nothing was. */
  readonly wordings: readonly Wording[];
  /** What the generator wrote to each of them, judged by nobody. */
  readonly written: readonly WrittenText[];
}

/** Asks a bundle a question after the earlier ones of its conversation: once for the extract, once with the words of the generator. */
export async function askTwice(
  bundle: Pick<OpenedBundle, 'opened' | 'services'>,
  engine: WatchedEngine | null,
  retriever: Retriever,
  test: TestQuestion,
  signal: AbortSignal,
): Promise<AnsweredTwice> {
  const services = { ...bundle.services, retriever };
  const plain = createPlanResponder({ plan: bundle.opened, ...services, engine: () => null });
  const extract = await askTimed(plain, test, signal);
  let wordings: Wording[] = [];
  const wording = createPlanResponder({
    plan: bundle.opened,
    ...services,
    engine: () => engine,
    onWording: (one) => void wordings.push(one),
  });
  const worded = await askTimed(wording, test, signal, async () => {
    // What belongs to the questions before this one.
    await engine?.take();
    wordings = [];
  });
  return { extract, worded, wordings, written: (await engine?.take()) ?? [] };
}

async function askTimed(
  responder: Responder,
  { history, question, language }: TestQuestion,
  signal: AbortSignal,
  onTurn: () => Promise<void> = () => Promise.resolve(),
): Promise<TimedAnswer> {
  let firstTextMs: number | null = null;
  const timed: Responder = {
    ...responder,
    async *respond(turn, options): AsyncGenerator<ResponderPart> {
      await onTurn();
      const startedMs = performance.now();
      firstTextMs = null;
      for await (const part of responder.respond(turn, options)) {
        if (part.type === 'text-delta') firstTextMs ??= performance.now() - startedMs;
        yield part;
      }
    },
  };
  const answered = await answerInConversation(timed, history, question, { language, signal });
  return { ...answered, firstTextMs };
}
