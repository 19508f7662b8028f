import type { IntentDefinition } from '../contracts/intent.ts';
import { isRecord } from '../contracts/json.ts';
import type { LocalizedText } from '../contracts/language.ts';
import { localize } from '../contracts/language.ts';
import type { HandoffReason } from '../contracts/turn.ts';
import { asNumber, asText } from './plan-value.ts';
import { BUILT_IN_TEXTS } from './built-in-texts.ts';
import type { StepHandler, StepPart, StepRun } from './step-handler.ts';

/** `classify`: text → intent, action, confidence. Its outcome is the intent's action. */
export const classifyStep: StepHandler = function* ({ input, services }) {
  const intent = services.classifier.classify(asText(input('text')));
  return {
    when: intent.action,
    outputs: { intent: intent.id, action: intent.action, confidence: intent.confidence },
    outcome: { intent: intent.id, confidence: intent.confidence },
  };
};

/** `reply`: says the canned answer of an intent. Outcome `default`, or `none` when the intent has no answer. */
export const replyStep: StepHandler = function* (run) {
  const definition = run.services.classifier.definition(asText(run.input('intent')));
  if (definition?.answer == null) return { when: 'none', outputs: {} };
  yield { type: 'text-delta', text: localize(definition.answer, run.language) };
  yield* suggestions(definition, run.language);
  return { when: 'default', outputs: {}, outcome: { isWorded: false, isRefusal: false } };
};

/** Confidence from which on an intent's name is taken as the topic of a question. */
const TOPIC_FROM = 0.6;

/** `retrieve`: query, and perhaps intent → passages, confidence. Outcome `found` or `none`. */
export const retrieveStep: StepHandler = function* ({ input, services, history, language, turn, step }) {
  const limit = step.config['limit'];
  const definition = services.classifier.definition(asText(input('intent')));
  const isTopic = definition?.action === 'retrieve' && asNumber(input('intentConfidence')) >= TOPIC_FROM;
  const outcome = services.retriever.search(asText(input('query')), {
    language,
    ...(isTopic ? { topic: definition.name } : {}),
    history: history.map((exchange) => exchange.question),
    ...(typeof limit === 'number' ? { limit } : {}),
    ...(turn.pageUrl === null ? {} : { pageUrl: turn.pageUrl }),
  });
  return {
    when: outcome.isAnswerable && outcome.ranked.length > 0 ? 'found' : 'none',
    outputs: { passages: outcome.ranked, confidence: outcome.confidence },
    outcome: { confidence: outcome.confidence },
  };
};

/**
 * `handoff`: offers people. Config: `reason`, and `text` by language in place of the built-in one.
 * An intent that has an answer of its own says that.
 */
export const handoffStep: StepHandler = function* (run) {
  const reason = parseReason(run.step.config['reason']);
  const definition = run.services.classifier.definition(asText(run.input('intent')));
  const text = definition?.action === 'handoff' ? definition.answer : null;
  yield {
    type: 'text-delta',
    text: localize(text ?? configuredText(run) ?? BUILT_IN_TEXTS[reason], run.language),
  };
  if (definition !== null) yield* suggestions(definition, run.language);
  yield { type: 'handoff', reason };
  return { when: 'default', outputs: {}, outcome: { isWorded: false, isRefusal: reason !== 'asked' } };
};

/** `end`: ends the plan. */
export const endStep: StepHandler = function* () {
  return { when: 'default', outputs: {} };
};

function* suggestions(definition: IntentDefinition, language: string): Generator<StepPart> {
  for (const text of definition.suggestions[language] ?? definition.suggestions['en'] ?? []) {
    yield { type: 'suggestion', text };
  }
}

function parseReason(value: unknown): HandoffReason {
  return value === 'asked' || value === 'needs-connection' ? value : 'not-in-pages';
}

function configuredText(run: StepRun): LocalizedText | null {
  const text = run.step.config['text'];
  if (!isRecord(text)) return null;
  const localized: Record<string, string> = {};
  for (const [language, entry] of Object.entries(text))
    if (typeof entry === 'string') localized[language] = entry;
  return Object.keys(localized).length > 0 ? localized : null;
}
