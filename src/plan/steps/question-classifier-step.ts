import { UnderstudyError } from '../../contracts/errors.ts';
import { classLabel } from '../../contracts/intent.ts';
import { isStringArray } from '../../contracts/json.ts';
import type { Selector, Template } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import { askEngineForClass } from '../classes/ask-engine.ts';
import type { ClassDescription, ClassJudge, ClassJudgement } from '../classes/judge-classes.ts';
import { createClassJudge } from '../classes/judge-classes.ts';
import type { ClassPages } from '../classes/pages-of-classes.ts';
import { askPages, pagesOfClasses } from '../classes/pages-of-classes.ts';
import { needsLead } from '../prompt/needs-lead.ts';
import type { StepDefinition, StepResult, StepRun } from '../step-handler.ts';
import { renderTemplate } from '../values/render-template.ts';
import { renderText } from '../values/render-value.ts';
import { accepted, invalidConfig, readObjects, readSelector, readTemplate, readText } from './step-config.ts';

/** Confidence from which on a class is taken. */
export const CLASS_FROM = 0.55;
/** Least confidence of a class that a model chose; it says "unsure" itself when it is. */
const CHOSEN_CONFIDENCE = 0.65;
/** A trained judgement this sure is not overruled by a model that was never trained on the classes. */
const SURE = 0.95;
/** Share from which on a judgement counts as the trained model's own. */
const LEARNED = 0.9;
const MAX_CLASSES = 200;

/**
 * `question-classifier`: which class a message belongs to, by what the bundle learned of the classes, their words, and the pages each
 * leads to; a model that follows prompts is asked where one is ready.
 *
 * Outcome: the id of the class. When no class is likely enough it is `unsure`, where the plan has an edge for that; else the step
 * needs the cloud: it never takes a class for want of a better one. Outputs `class_id`, `class_name`, `class_label`, `confidence`.
 * @throws UnderstudyError `plan/needs-lead` (facts: `reason` is `unsure`), `plan/variable-missing`.
 */
export const questionClassifierDefinition: StepDefinition = {
  isBranch: true,
  prepare: (step, plan) => {
    const classes = readClasses(step);
    const query = readSelector(step, 'query', step.config['query']);
    const told = step.config['instruction'] ?? null;
    const instruction = told === null ? [] : readTemplate(step, 'instruction', told);
    const own = instruction.filter((piece) => typeof piece === 'string').join(' ');
    const prepared: Prepared = {
      classes,
      instruction,
      judge: createClassJudge(classes, own),
      pages: pagesOfClasses(
        step,
        plan,
        classes.map(({ id }) => id),
      ),
    };
    const hasUnsure = step.edges.some(({ when }) => when === 'unsure');
    return async function* (run) {
      const message = readMessage(run, query);
      const judged = message.trim() === '' ? null : await judge(run, prepared, message);
      if (judged !== null && judged.confidence >= CLASS_FROM) return resultOf(judged, classes);
      if (!hasUnsure) throw needsLead(step, 'unsure', 'it is not clear which class the message belongs to');
      const outputs = { class_id: '', class_name: '', class_label: '', confidence: judged?.confidence ?? 0 };
      return { when: 'unsure', outputs };
    };
  },
};

/** What is known of a step before any message comes. */
interface Prepared {
  readonly classes: readonly ClassDescription[];
  readonly instruction: Template;
  readonly judge: ClassJudge;
  readonly pages: ClassPages;
}

function readClasses(step: Step): readonly ClassDescription[] {
  const classes = readObjects(step, 'classes', step.config['classes'], (entry) => {
    const { label = '', examples = [] } = entry;
    return {
      id: readText(step, 'id of a class', entry['id']),
      name: readText(step, 'name of a class', entry['name']),
      label: readText(step, 'label of a class', label),
      examples: accepted(step, 'examples of a class', isStringArray(examples) ? examples : null),
    };
  });
  const ids = new Set(classes.map(({ id }) => id));
  if (classes.length === 0 || classes.length > MAX_CLASSES || ids.size < classes.length)
    throw invalidConfig(step, 'classes');
  return classes;
}

function readMessage({ pool, step }: StepRun, query: Selector): string {
  const value = pool.get(query);
  if (value !== undefined) return renderText(value);
  const variable = query.join('.');
  throw new UnderstudyError(
    'plan/variable-missing',
    `Step "${step.id}" sorts "${variable}", which is not set.`,
    {
      facts: { step: step.id, variable },
    },
  );
}

async function judge(run: StepRun, prepared: Prepared, message: string): Promise<ClassJudgement | null> {
  const { classes, instruction } = prepared;
  const engine = run.services.engine();
  const isScripted = run.services.isScripted === true;
  const local = isScripted ? null : judgeLocally(run, prepared, message);
  if (local?.isTrained === true && local.confidence >= SURE) return local;
  if (engine?.ability !== 'general') return local;
  const told = renderTemplate(instruction, (selector) => run.pool.get(selector), 'text');
  const chosen = await askEngineForClass(run, engine, classes, message, told);
  if (chosen === null) return local;
  if (isScripted) return { id: chosen, confidence: 1 };
  if (local?.id !== chosen) return { id: chosen, confidence: CHOSEN_CONFIDENCE };
  // Two that judge in different ways and agree are seldom both wrong.
  return { id: chosen, confidence: Math.max(CHOSEN_CONFIDENCE, 1 - (1 - local.confidence) / 3) };
}

function judgeLocally(
  run: StepRun,
  { classes, judge, pages }: Prepared,
  message: string,
): (ClassJudgement & { readonly isTrained: boolean }) | null {
  const labels = new Map(classes.map(({ id }) => [classLabel(run.step.id, id), id]));
  const found = run.services.classifier.among?.(message, [...labels.keys()]) ?? null;
  const trained =
    found === null ? null : new Map(found.map(({ id, confidence }) => [labels.get(id) ?? id, confidence]));
  const judged = judge.judge(message, { trained, pages: askPages(run, message, pages) });
  return judged === null ? null : { ...judged, isTrained: (trained?.get(judged.id) ?? 0) >= LEARNED };
}

function resultOf({ id, confidence }: ClassJudgement, classes: readonly ClassDescription[]): StepResult {
  const chosen = classes.find((one) => one.id === id);
  return {
    when: id,
    outputs: {
      class_id: id,
      class_name: chosen?.name ?? '',
      class_label: chosen?.label ?? '',
      confidence,
    },
  };
}
