import type { Engine } from '../../src/contracts/engine.ts';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { IntentClassifier } from '../../src/contracts/intent.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import type { Plan, StepKind } from '../../src/contracts/plan.ts';
import type { Retriever, SearchOutcome } from '../../src/contracts/retrieval.ts';
import type { MockPassage, MockReplies } from './step-mock.ts';
import { wordsOf } from './step-mock.ts';

/** What a scripted model was asked. */
export interface AskedPrompt {
  readonly step: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** Kind of a step by its id. */
function kindsOf(plan: Plan): ReadonlyMap<string, StepKind> {
  return new Map(plan.steps.map(({ id, kind }) => [id, kind]));
}

/**
 * Makes an engine that writes what the mocks say, a word at a time.
 * @param onPrompt - Is told what the steps ask.
 */
export function scriptedEngine(
  plan: Plan,
  replies: MockReplies,
  onPrompt: (prompt: AskedPrompt) => void = () => undefined,
): Engine {
  const kinds = kindsOf(plan);
  return {
    contract: 1,
    id: 'scripted',
    modelId: 'scripted',
    ability: 'general',
    contextTokens: 1_000_000,
    load: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
    async *generate(request) {
      const step = request.stepId ?? '';
      const kind = kinds.get(step) ?? 'llm';
      onPrompt({ step, messages: request.messages });
      if (replies.of(step, kind) === null)
        throw new UnderstudyError('engine/failed', `Step "${step}" asks a model, and no mock answers.`, {
          facts: { step },
        });
      const { text, structuredOutput } = replies.next(step, kind);
      const written = text ?? JSON.stringify(structuredOutput);
      const words = wordsOf(written);
      for (const word of words) yield await Promise.resolve({ type: 'text-delta' as const, text: word });
      yield {
        type: 'end',
        reason: 'stop',
        metrics: {
          promptTokens: 0,
          outputTokens: words.length,
          firstTokenMs: 0,
          tokensPerSecond: 0,
          memoryBytes: 0,
        },
        ...(structuredOutput === null ? {} : { value: structuredOutput }),
      };
    },
  };
}

/** Makes a retriever that finds what the mocks say; steps without mocked passages search `real`. */
export function scriptedRetriever(plan: Plan, replies: MockReplies, real: Retriever): Retriever {
  const kinds = kindsOf(plan);
  const known = new Map<string, Passage>();
  return {
    search(question, options = {}): SearchOutcome {
      const step = options.stepId ?? '';
      const kind = kinds.get(step) ?? 'knowledge';
      const passages = replies.peek(step, kind)?.passages ?? null;
      if (passages === null) return real.search(question, options);
      replies.next(step, kind);
      const found = passages.map((passage, index) => toPassage(passage, `${step}#${String(index + 1)}`));
      for (const passage of found) known.set(passage.id, passage);
      const ranked = found.map((passage, index) => ({ passage, score: found.length - index }));
      return { ranked, confidence: found.length > 0 ? 1 : 0, isAnswerable: found.length > 0 };
    },
    extract: (question, ranked) => real.extract(question, ranked),
    passage: (id) => known.get(id) ?? real.passage(id),
  };
}

function toPassage({ content, title, url }: MockPassage, id: string): Passage {
  return {
    id,
    documentId: title,
    title,
    headings: [],
    url,
    language: 'en',
    text: content,
    questions: [],
    tags: [],
  };
}

/** Finds nothing: for apps whose knowledge is not at hand. */
export const NO_RETRIEVER: Retriever = {
  search: () => ({ ranked: [], confidence: 0, isAnswerable: false }),
  extract: () => [],
  passage: () => null,
};

/** Is sure of nothing: for apps whose classifier was not trained. */
export const NO_CLASSIFIER: IntentClassifier = {
  classify: () => ({ id: 'none', confidence: 0, action: 'retrieve' }),
  definition: () => null,
};
