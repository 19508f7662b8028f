import { UnderstudyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { isInteger, isStringArray } from '../../contracts/json.ts';
import type { KnowledgeConfig } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import { passageTest } from '../knowledge/passage-facts.ts';
import type { RatedPassage } from '../knowledge/result-items.ts';
import { ratePassages, resultItems } from '../knowledge/result-items.ts';
import type { StepDefinition, StepRun } from '../step-handler.ts';
import { accepted, invalidConfig, readConditionSet, readSelector } from './step-config.ts';

const MAX_LIMIT = 50;

/**
 * `knowledge`: the passages of some collections that answer a question. Outputs `result`, in Dify's shape, and `passages`; both are
 * empty when the pages do not answer, and there is no output for an empty question.
 *
 * The threshold is a confidence; without one the bundle's own gate decides. Follow-ups are understood by the questions before.
 * @throws UnderstudyError `plan/variable-missing`; `plan/value-invalid` for a question that is no text.
 */
export const knowledgeDefinition: StepDefinition = {
  prepare: (step) => {
    const config = readKnowledgeConfig(step);
    return function* (run) {
      const query = readQuery(run, config);
      if (query.trim() === '') return { when: 'default', outputs: {} };
      const { isAnswered, rated, confidence } = lookUp(run, config, query);
      const found = isAnswered ? rated : [];
      const result: readonly JsonObject[] = resultItems(found);
      const passages = found.map(({ passage, score }) => ({ passage, score }));
      return { when: 'default', outputs: { result, passages }, outcome: { confidence } };
    };
  },
};

function readQuery({ pool, step }: StepRun, { query }: KnowledgeConfig): string {
  const value = pool.get(query);
  const facts = { step: step.id, variable: query.join('.') };
  if (value === undefined) {
    const happened = `Step "${step.id}" looks up "${query.join('.')}", which is not set.`;
    throw new UnderstudyError('plan/variable-missing', happened, { facts });
  }
  if (typeof value === 'string') return value;
  throw new UnderstudyError('plan/value-invalid', `What step "${step.id}" looks up is no text.`, { facts });
}

function lookUp(
  run: StepRun,
  { collections, limit, threshold, filter }: KnowledgeConfig,
  query: string,
): { readonly isAnswered: boolean; readonly rated: readonly RatedPassage[]; readonly confidence: number } {
  const { services, language, history, turn, step } = run;
  const { ranked, confidence, isAnswerable } = services.retriever.search(query, {
    limit,
    language,
    collections,
    history: history.map(({ question }) => question),
    stepId: step.id,
    ...(filter === null ? {} : { accepts: passageTest(run, filter) }),
    ...(turn.pageUrl === null ? {} : { pageUrl: turn.pageUrl }),
  });
  const rated = ratePassages(ranked.slice(0, limit), confidence);
  if (threshold === null) return { isAnswered: isAnswerable, rated, confidence };
  return { isAnswered: true, rated: rated.filter((one) => one.confidence >= threshold), confidence };
}

function readKnowledgeConfig(step: Step): KnowledgeConfig {
  const { collections = [], limit = 4, threshold = null, filter = null } = step.config;
  if (!isInteger(limit, 1) || limit > MAX_LIMIT) throw invalidConfig(step, 'limit');
  return {
    query: readSelector(step, 'query', step.config['query']),
    collections: accepted(step, 'collections', isStringArray(collections) ? collections : null),
    limit,
    threshold: readThreshold(step, threshold),
    filter: filter === null ? null : readConditionSet(step, 'filter', filter),
  };
}

function readThreshold(step: Step, value: Json): number | null {
  if (value === null) return null;
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) throw invalidConfig(step, 'threshold');
  return value;
}
