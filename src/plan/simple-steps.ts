import type { Intent, IntentDefinition } from '../contracts/intent.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { isRecord, isStringArray } from '../contracts/json.ts';
import type { LocalizedText } from '../contracts/language.ts';
import { localize } from '../contracts/language.ts';
import type { PassageFilter, SearchOptions } from '../contracts/retrieval.ts';
import type { HandoffReason } from '../contracts/turn.ts';
import { BUILT_IN_TEXTS, NEAR_TOPICS_TEXT } from './built-in-texts.ts';
import { SURE_FROM } from './compose-step.ts';
import type { SlotTexts } from './fill-slots.ts';
import { answerOf } from './fill-slots.ts';
import { nearTopics } from './near-topics.ts';
import { otherLanguage, SURE_ACROSS_LANGUAGES, tellOtherLanguage } from './other-language.ts';
import type { PlanValue } from './plan-value.ts';
import { asNumber, asText, isRankedList } from './plan-value.ts';
import type { PlanServices, StepHandler, StepPart, StepRun } from './step-handler.ts';

/** Confidence from which on an intent is not doubted. */
const SURE_INTENT = 0.8;
/** By how much a sure search must be surer than the classifier for the pages to answer instead. */
const SURER_BY = 0.15;

/** Whether the pages answer what sounds a little like a message with an answer of its own: "where are you located" is no "who are you". */
function arePagesSurer({ action, confidence }: Intent, text: string, run: StepRun): boolean {
  if (action === 'retrieve' || confidence >= SURE_INTENT) return false;
  const history = run.history.map(({ question }) => question);
  const found = run.services.retriever.search(text, { language: run.language, history });
  return found.confidence >= Math.max(SURE_FROM, confidence + SURER_BY);
}

/**
 * `classify`: text → intent, action, confidence, the further intents of a message that asks for several things which all have
 * answers of their own, and the slots that they name. Its outcome is the intent's action; `retrieve` where the classifier is unsure and the search is surer.
 */
export const classifyStep: StepHandler = function* (run) {
  const { input, services, language } = run;
  const text = asText(input('text'));
  const whole = services.classifier.classify(text);
  const several = services.classifier.several?.(text) ?? [];
  // Only canned answers can stand side by side: a search and a handoff take the message as a whole.
  const isList = several.length > 1 && several.every(({ action }) => action === 'answer');
  const [intent = whole, ...further] = isList ? several : [];
  const action = !isList && arePagesSurer(intent, text, run) ? 'retrieve' : intent.action;
  return {
    when: action,
    outputs: {
      intent: intent.id,
      action,
      confidence: intent.confidence,
      further: further.map(({ id }) => id),
      slots: slotsOf(text, [intent, ...further], services, language),
    },
    outcome: { intent: intent.id, confidence: intent.confidence },
  };
};

/** What the message gives for the slots of its intents: of each the first. */
function slotsOf(
  text: string,
  intents: readonly Intent[],
  { classifier, findSlots = null }: PlanServices,
  language: string,
): SlotTexts {
  const wanted = new Set(intents.flatMap(({ id }) => classifier.definition(id)?.slots ?? []));
  if (wanted.size === 0 || findSlots === null) return {};
  const found = findSlots(text, language).filter(({ name }) => wanted.has(name));
  return Object.fromEntries(found.map((slot) => [slot.name, slot.text] as const).reverse());
}

/** What a `classify` step found, as an input gives it. */
function slotTexts(value: PlanValue | undefined): SlotTexts {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text] as const] : [])),
  );
}

/**
 * `reply`: says the canned answer of an intent, and of the `further` ones below it. Outcome `default`, or `none` when the intent has
 * no answer.
 */
export const replyStep: StepHandler = function* (run) {
  const definition = run.services.classifier.definition(asText(run.input('intent')));
  if (definition?.answer == null) return { when: 'none', outputs: {} };
  const slots = slotTexts(run.input('slots'));
  yield { type: 'text-delta', text: answerOf(definition, slots, run.language) };
  const further = run.input('further');
  const others = (isStringArray(further) ? further : []).map((id) => run.services.classifier.definition(id));
  for (const other of others)
    if (other?.answer != null)
      yield { type: 'text-delta', text: `\n\n${answerOf(other, slots, run.language)}` };
  yield* suggestions(definition, run.language);
  for (const other of others) if (other?.answer != null) yield* suggestions(other, run.language);
  return { when: 'default', outputs: {}, outcome: { isWorded: false, isRefusal: false } };
};

/** Confidence from which on an intent's name is taken as the topic of a question. */
const TOPIC_FROM = 0.6;

/** The filter of a `retrieve` step: values that its settings name, then those that the page gave for the names in `filterBy`. */
function filterOf(config: JsonObject, inputs: JsonObject): PassageFilter {
  const texts = (value: Json | undefined): readonly string[] =>
    typeof value === 'string' && value !== '' ? [value] : isStringArray(value) ? value : [];
  const fixed = isRecord(config['filter']) ? Object.entries(config['filter']) : [];
  const { filterBy } = config;
  const names = isStringArray(filterBy) ? filterBy : [];
  const given = names.map((name) => [name, Object.hasOwn(inputs, name) ? inputs[name] : undefined] as const);
  return Object.fromEntries(
    [...fixed, ...given].flatMap(([name, value]) => {
      const values = texts(value);
      return values.length > 0 ? [[name, values] as const] : [];
    }),
  );
}

/**
 * `retrieve`: query, and perhaps intent → passages, confidence. Outcome `found` or `none`. A question that compares two things is
 * searched for both.
 *
 * A question in a language that no page is written in is told so, and found is only what the search is sure of: names and words that
 * look alike in two languages meet by chance.
 */
export const retrieveStep: StepHandler = function* ({ input, services, history, language, turn, step }) {
  const limit = step.config['limit'];
  const query = asText(input('query'));
  const definition = services.classifier.definition(asText(input('intent')));
  const isTopic = definition?.action === 'retrieve' && asNumber(input('intentConfidence')) >= TOPIC_FROM;
  const options: SearchOptions = {
    language,
    ...(isTopic ? { topic: definition.name } : {}),
    history: history.map((exchange) => exchange.question),
    ...(typeof limit === 'number' ? { limit } : {}),
    filter: filterOf(step.config, turn.inputs),
    ...(turn.pageUrl === null ? {} : { pageUrl: turn.pageUrl }),
  };
  const { pageLanguages = [], retriever } = services;
  const other = otherLanguage(query, pageLanguages);
  const compared = other === null ? retriever.comparer?.search(query, options) : null;
  const outcome = compared ?? retriever.search(query, options);
  if (other !== null)
    yield {
      type: 'text-delta',
      text: `${tellOtherLanguage(other, pageLanguages, turn.language)}\n\n`,
    };
  const isSure = other === null || outcome.confidence >= SURE_ACROSS_LANGUAGES;
  return {
    when: isSure && outcome.isAnswerable && outcome.ranked.length > 0 ? 'found' : 'none',
    // What words found across languages by chance is no topic to offer either.
    outputs: { passages: isSure ? outcome.ranked : [], confidence: outcome.confidence },
    outcome: { confidence: outcome.confidence },
  };
};

/**
 * `handoff`: offers people, and where it is given passages that do not answer, what the pages say near the question. Config: `reason`, and
 * `text` by language in place of the built-in one. An intent that has an answer of its own says that, with the `slots` it is given.
 */
export const handoffStep: StepHandler = function* (run) {
  const reason = parseReason(run.step.config['reason']);
  const definition = run.services.classifier.definition(asText(run.input('intent')));
  const hasText = definition?.action === 'handoff' && definition.answer !== null;
  const ranked = run.input('passages');
  const topics = isRankedList(ranked)
    ? nearTopics(run.services.retriever, ranked, asNumber(run.input('confidence')), run.language)
    : [];
  const builtIn = reason === 'not-in-pages' && topics.length > 0 ? NEAR_TOPICS_TEXT : BUILT_IN_TEXTS[reason];
  yield {
    type: 'text-delta',
    text: hasText
      ? answerOf(definition, slotTexts(run.input('slots')), run.language)
      : localize(configuredText(run) ?? builtIn, run.language),
  };
  for (const topic of topics) yield { type: 'suggestion', text: topic };
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
