import { randomUUID } from 'node:crypto';
import type { ErrorCode, ErrorReport } from '../../src/contracts/errors.ts';
import { toErrorReport } from '../../src/contracts/errors.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { Citation } from '../../src/contracts/passage.ts';
import type { Exchange, Responder, ResponderOutcome } from '../../src/contracts/responder.ts';
import type { HandoffReason, ResponderKind } from '../../src/contracts/turn.ts';

/** What the device answers to one question. */
export interface AnsweredQuestion {
  readonly question: string;
  /** Markdown subset with `[n]` for citations; '' when there is none. */
  readonly answer: string;
  /** True when the generator worded (part of) it. */
  readonly worded: boolean;
  /** True when the honest answer is that the pages do not say. */
  readonly refused: boolean;
  readonly citations: readonly Citation[];
  readonly suggestions: readonly string[];
  /** Why it was handed over to people; null when it was not. */
  readonly handoff: HandoffReason | null;
  readonly intent: string;
  readonly confidence: number;
  readonly route: ResponderKind;
  /** Code of the error that ended it; null when it was answered. */
  readonly code: ErrorCode | null;
  /** What happened and what to do about it; null when it was answered. */
  readonly message: string | null;
  readonly milliseconds: number;
}

/** Asks the responder one question and gathers its stream; errors are told in `code`, only an abort is thrown. */
export async function answerQuestion(
  responder: Responder,
  question: string,
  options: {
    readonly language: string;
    readonly signal: AbortSignal;
    /** Values of the app's form. Default none. */
    readonly inputs?: JsonObject;
    /** Earlier exchanges of the conversation, oldest first. Default none. */
    readonly history?: readonly Exchange[];
  },
): Promise<AnsweredQuestion> {
  const started = performance.now();
  let answer = '';
  const citations: Citation[] = [];
  const suggestions: string[] = [];
  let handoff: HandoffReason | null = null;
  let outcome: ResponderOutcome | null = null;
  let fault: ErrorReport | null = null;
  const { language, inputs = {}, history = [] } = options;
  const turn = { id: randomUUID(), text: question, language, pageUrl: null, inputs };
  try {
    for await (const part of responder.respond(turn, { signal: options.signal, history })) {
      if (part.type === 'text-delta') answer += part.text;
      else if (part.type === 'text-replace') answer = part.text;
      else if (part.type === 'citation') citations.push(part.citation);
      else if (part.type === 'suggestion') suggestions.push(part.text);
      else if (part.type === 'handoff') handoff = part.reason;
      else if (part.type === 'end') outcome = part.outcome;
    }
  } catch (error) {
    options.signal.throwIfAborted();
    fault = toErrorReport(error);
  }
  return {
    question,
    answer,
    worded: outcome?.isWorded ?? false,
    refused: outcome?.isRefusal ?? false,
    citations,
    suggestions,
    handoff,
    intent: outcome?.intent ?? 'none',
    confidence: Math.round((outcome?.confidence ?? 0) * 1000) / 1000,
    route: responder.kind,
    code: fault?.code ?? null,
    message: fault?.message ?? null,
    milliseconds: Math.round((performance.now() - started) * 10) / 10,
  };
}

/**
 * Asks the earlier questions of a conversation one after the other, each with what was answered before it, then the question itself.
 * @returns The answer to the last question.
 */
export async function answerInConversation(
  responder: Responder,
  earlier: readonly string[],
  question: string,
  options: { readonly language: string; readonly signal: AbortSignal },
): Promise<AnsweredQuestion> {
  const history: Exchange[] = [];
  for (const before of earlier) {
    const { answer } = await answerQuestion(responder, before, { ...options, history });
    history.push({ question: before, answer, responder: responder.kind });
  }
  return answerQuestion(responder, question, { ...options, history });
}
