import type {
  BranchConfig,
  Condition,
  ConditionSet,
  ExtractParametersConfig,
  FormConfig,
  QuestionClassifierConfig,
} from '../../src/contracts/plan-configs.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { flagOf, jsonOf, listOf, numberOf, recordOf, textOf, textsOf, valueTypeOf } from './data-fields.ts';
import type { DifyData, DifyNode } from './dify-app.ts';
import type { CompileContext, StepDraft } from './compile-context.ts';
import { settings } from './compile-context.ts';
import { casesOf, classesOf, operatorOf } from './find-broken-settings.ts';
import { readFields } from './read-variables.ts';

/** Operators that compare with nothing. */
const ALONE: ReadonlySet<string> = new Set([
  'empty',
  'not empty',
  'null',
  'not null',
  'exists',
  'not exists',
]);

const HOUR_MS = 3_600_000;
const UNITS: { readonly [unit: string]: number } = {
  second: 1000,
  minute: 60_000,
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
};

/** Compiles an if-else node. */
export function compileBranch(node: DifyNode, context: CompileContext): StepDraft {
  const config: BranchConfig = {
    cases: casesOf(node.data).map((entry) => ({
      id: textOf(entry['case_id']) || textOf(entry['id']),
      ...conditionSet(entry, context),
    })),
  };
  return { kind: 'branch', outputs: ['result', 'selected_case_id'], config: settings(config) };
}

/** Compiles conditions with their `logical_operator`. */
export function conditionSet(data: DifyData, context: CompileContext): ConditionSet {
  return {
    mode: textOf(data['logical_operator']) === 'or' ? 'any' : 'all',
    conditions: listOf(data['conditions']).flatMap((entry) => condition(recordOf(entry), context)),
  };
}

function condition(data: DifyData, context: CompileContext): readonly Condition[] {
  const from = context.from(data['variable_selector']);
  const sub = recordOf(data['sub_variable_condition']);
  const inner = listOf(sub['conditions']).map(recordOf);
  const operator = operatorOf(data['comparison_operator']) ?? (inner.length > 0 ? 'contains' : null);
  if (from === null || operator === null) return [];
  const files: Condition['files'] =
    inner.length === 0
      ? null
      : {
          mode: textOf(sub['logical_operator']) === 'or' ? 'any' : 'all',
          conditions: inner.flatMap((entry) => keyCondition(entry, context)),
        };
  return [
    { from, operator, value: files === null ? expected(data['value'], operator, context) : null, files },
  ];
}

/** A condition on an element: on a key of a file, or on the plain value where the key is ''. */
export function keyCondition(data: DifyData, context: CompileContext): readonly Condition[] {
  const operator = operatorOf(data['comparison_operator']);
  if (operator === null) return [];
  const value = expected(data['value'], operator, context);
  return [{ from: ['file', textOf(data['key'])], operator, value, files: null }];
}

function expected(value: unknown, operator: string, context: CompileContext): Condition['value'] {
  if (ALONE.has(operator)) return null;
  if (typeof value === 'boolean' || Array.isArray(value)) return { value: jsonOf(value) };
  return context.template(value);
}

/** Compiles a question classifier. */
export function compileClassifier(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const instruction = textOf(data['instruction']) || textOf(data['instructions']);
  const config: QuestionClassifierConfig = {
    query: context.from(data['query_variable_selector']) ?? ['sys', 'query'],
    classes: classesOf(data),
    instruction: instruction.trim() === '' ? null : context.template(instruction),
  };
  return {
    kind: 'question-classifier',
    outputs: ['class_name', 'class_label', 'class_id', 'usage'],
    config: settings(config),
  };
}

/** Compiles a parameter extractor. */
export function compileExtractor(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const instruction = textOf(data['instruction']);
  const config: ExtractParametersConfig = {
    query: context.from(data['query']) ?? ['sys', 'query'],
    parameters: listOf(data['parameters'])
      .map(recordOf)
      .map((entry) => {
        const type = textOf(entry['type'], 'string');
        return {
          name: textOf(entry['name']),
          type: type === 'select' ? 'select' : valueTypeOf(type),
          description: textOf(entry['description']),
          options: textsOf(entry['options']),
          isRequired: flagOf(entry['required']),
        };
      }),
    instruction: instruction.trim() === '' ? null : context.template(instruction),
  };
  const names = config.parameters.map(({ name }) => name);
  return {
    kind: 'extract-parameters',
    outputs: [...names, '__is_success', '__reason'],
    config: settings(config),
  };
}

/** Compiles a human-input node as a form in the conversation. */
export function compileForm(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const fields = readFields(data['inputs']);
  const actions = listOf(data['user_actions'])
    .map(recordOf)
    .map((action) => ({
      id: textOf(action['id']),
      label: textOf(action['title']) || textOf(action['id']),
      style: textOf(action['button_style'], 'default'),
    }))
    .filter((action) => action.id !== '');
  const others = listOf(data['delivery_methods']).filter(
    (method) => isRecord(method) && flagOf(method['enabled'], true) && textOf(method['type']) !== 'webapp',
  );
  if (others.length > 0)
    context.remark(node, 'on the device only the visitor is asked, nobody by mail', 'delivery_methods');
  const timeout = numberOf(data['timeout']);
  const unit = UNITS[textOf(data['timeout_unit'], 'hour').replace(/s$/, '')] ?? HOUR_MS;
  const config: FormConfig = {
    content: context.template(data['form_content']),
    fields,
    actions: actions.length > 0 ? actions : [{ id: 'submit', label: 'OK', style: 'primary' }],
    timeoutMs: timeout === null || timeout <= 0 ? null : Math.max(1, Math.round(timeout * unit)),
  };
  const names = fields.map(({ name }) => name);
  return {
    kind: 'form',
    outputs: [...names, '__action_id', '__action_value', '__rendered_content'],
    config: settings(config),
  };
}
