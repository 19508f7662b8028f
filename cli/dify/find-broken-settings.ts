import { CONDITION_OPERATORS } from '../../src/contracts/plan-configs.ts';
import type { AssignOperation, ConditionOperator } from '../../src/contracts/plan-configs.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { flagOf, listOf, numberOf, recordOf, selectorOf, textOf } from './data-fields.ts';
import type { DifyData, DifyNode } from './dify-app.ts';

/** A setting with which a node cannot run, in Dify either. */
export interface BrokenSetting {
  readonly what: string;
  /** Where in the node's data. */
  readonly path: readonly (string | number)[];
}

/** Other spellings of operators in exports. */
const OPERATOR_NAMES: { readonly [name: string]: ConditionOperator } = {
  '==': '=',
  equals: '=',
  '!=': '≠',
  '>=': '≥',
  '<=': '≤',
  'is empty': 'empty',
  'is not empty': 'not empty',
  'is null': 'null',
  'is not null': 'not null',
  'starts with': 'start with',
  'ends with': 'end with',
  'not exist': 'not exists',
};

/** The operator by its name of today; null when there is none of that name. */
export function operatorOf(value: unknown): ConditionOperator | null {
  const name = textOf(value).trim();
  return CONDITION_OPERATORS.find((known) => known === name) ?? OPERATOR_NAMES[name] ?? null;
}

const OPERATIONS: readonly AssignOperation[] = [
  'over-write',
  'clear',
  'append',
  'extend',
  'set',
  '+=',
  '-=',
  '*=',
  '/=',
  'remove-first',
  'remove-last',
];

/** The operation of an assignment; null when there is none of that name. */
export function operationOf(value: unknown): AssignOperation | null {
  const name = textOf(value).trim();
  return OPERATIONS.find((known) => known === name) ?? null;
}

/** Cases of an if-else node, also of those from before there were several. */
export function casesOf(data: DifyData): readonly DifyData[] {
  const cases = listOf(data['cases']).map(recordOf);
  if (cases.length > 0) return cases;
  if (!('conditions' in data)) return [];
  return [{ case_id: 'true', logical_operator: data['logical_operator'], conditions: data['conditions'] }];
}

/** Classes of a question classifier, by the names of all versions. */
export function classesOf(
  data: DifyData,
): readonly { readonly id: string; readonly name: string; readonly label: string }[] {
  const list = listOf(data['classes']).length > 0 ? listOf(data['classes']) : listOf(data['topics']);
  return list.map(recordOf).map((entry) => ({
    id: textOf(entry['id']),
    name: textOf(entry['name']),
    label: textOf(entry['label']),
  }));
}

/** Finds what is wrong with the settings of one node; null when nothing keeps it from running. */
export function findBrokenSetting(node: DifyNode): BrokenSetting | null {
  return CHECKS[node.type]?.(node.data) ?? null;
}

type Check = (data: DifyData) => BrokenSetting | null;

function broken(what: string, ...path: readonly (string | number)[]): BrokenSetting {
  return { what, path };
}

function needsSelector(data: DifyData, key: string, what: string): BrokenSetting | null {
  return selectorOf(data[key]) === null
    ? broken(`${what} is missing: "${key}" must be a list of node and name`, key)
    : null;
}

function needsItems(data: DifyData, key: string): BrokenSetting | null {
  return needsSelector(data, key, 'what it reads');
}

const CHECKS: { readonly [type in DifyNode['type']]?: Check } = {
  llm: checkLlm,
  'knowledge-retrieval': checkKnowledge,
  'question-classifier': checkClassifier,
  'if-else': checkCases,
  code: checkCode,
  'template-transform': (data) =>
    typeof data['template'] === 'string' ? null : broken('it has no "template"', 'template'),
  assigner: checkAssigner,
  'parameter-extractor': checkExtractor,
  iteration: (data) =>
    needsSelector(data, 'iterator_selector', 'the list to go through') ??
    needsSelector(data, 'output_selector', 'what each round gives'),
  loop: checkLoop,
  'list-operator': checkList,
  'document-extractor': (data) => needsItems(data, 'variable_selector'),
  agent: (data) =>
    isRecord(data['agent_parameters']) || data['agent_parameters'] === undefined
      ? null
      : broken('"agent_parameters" must be a map of parameters', 'agent_parameters'),
};

function checkLlm(data: DifyData): BrokenSetting | null {
  const template = data['prompt_template'];
  const isPrompt = Array.isArray(template) || isRecord(template) || typeof template === 'string';
  if (!isPrompt && data['memory'] == null) return broken('it has no "prompt_template"', 'prompt_template');
  const context = recordOf(data['context']);
  const from = context['variable_selector'];
  const hasFrom = Array.isArray(from) && from.length > 0;
  if (flagOf(context['enabled']) && hasFrom && selectorOf(from) === null)
    return broken(
      '"context.variable_selector" must be a list of node and name',
      'context',
      'variable_selector',
    );
  return null;
}

function checkKnowledge(data: DifyData): BrokenSetting | null {
  if (data['dataset_ids'] !== undefined && !Array.isArray(data['dataset_ids']))
    return broken('"dataset_ids" must be a list', 'dataset_ids');
  const settings = recordOf(data['multiple_retrieval_config']);
  const limit = settings['top_k'];
  if (textOf(data['retrieval_mode']) !== 'single' && limit != null && (numberOf(limit) ?? 0) < 1)
    return broken(
      `"top_k" is ${JSON.stringify(limit)}; it must be 1 or more`,
      'multiple_retrieval_config',
      'top_k',
    );
  return null;
}

function checkClassifier(data: DifyData): BrokenSetting | null {
  const classes = classesOf(data);
  if (classes.length === 0) return broken('it has no classes', 'classes');
  const seen = new Set<string>();
  for (const [index, { id }] of classes.entries()) {
    if (id === '') return broken('a class has no id', 'classes', index);
    if (seen.has(id)) return broken(`two classes have the id "${id}"`, 'classes', index, 'id');
    seen.add(id);
  }
  return needsSelector(data, 'query_variable_selector', 'the question');
}

function checkConditions(list: readonly unknown[], path: readonly (string | number)[]): BrokenSetting | null {
  for (const [index, entry] of list.entries()) {
    const condition = recordOf(entry);
    const { comparison_operator: operator, sub_variable_condition: files } = condition;
    if (selectorOf(condition['variable_selector']) === null)
      return broken('a condition has no variable', ...path, index, 'variable_selector');
    const inner = listOf(recordOf(files)['conditions']);
    // Conditions on files need no operator of their own.
    if (inner.length === 0 && operatorOf(operator) === null)
      return broken(
        `"${textOf(operator)}" is no operator of conditions`,
        ...path,
        index,
        'comparison_operator',
      );
    const wrong = inner.find((sub) => operatorOf(recordOf(sub)['comparison_operator']) === null);
    if (wrong !== undefined)
      return broken('a condition on files has no known operator', ...path, index, 'sub_variable_condition');
  }
  return null;
}

function checkCases(data: DifyData): BrokenSetting | null {
  const cases = casesOf(data);
  if (cases.length === 0) return broken('it has no cases', 'cases');
  const seen = new Set<string>();
  for (const [index, entry] of cases.entries()) {
    const id = textOf(entry['case_id']) || textOf(entry['id']);
    if (id === '') return broken('a case has no "case_id"', 'cases', index);
    if (seen.has(id)) return broken(`two cases have the id "${id}"`, 'cases', index, 'case_id');
    seen.add(id);
    const found = checkConditions(listOf(entry['conditions']), ['cases', index, 'conditions']);
    if (found !== null) return found;
  }
  return null;
}

function checkCode(data: DifyData): BrokenSetting | null {
  if (typeof data['code'] !== 'string' || data['code'].trim() === '')
    return broken('it has no "code"', 'code');
  const language = textOf(data['code_language'], 'python3');
  return ['python3', 'python', 'javascript', 'nodejs'].includes(language)
    ? null
    : broken(`"${language}" is no language of code nodes`, 'code_language');
}

function checkAssigner(data: DifyData): BrokenSetting | null {
  if ('assigned_variable_selector' in data) {
    const isClear = textOf(data['write_mode']) === 'clear';
    return (
      needsSelector(data, 'assigned_variable_selector', 'the variable') ??
      (isClear ? null : needsSelector(data, 'input_variable_selector', 'the value'))
    );
  }
  for (const [index, item] of listOf(data['items']).entries()) {
    if (selectorOf(recordOf(item)['variable_selector']) === null)
      return broken('an assignment has no variable', 'items', index, 'variable_selector');
    if (operationOf(recordOf(item)['operation']) === null)
      return broken('an assignment has no known operation', 'items', index, 'operation');
  }
  return null;
}

function checkExtractor(data: DifyData): BrokenSetting | null {
  const seen = new Set<string>();
  for (const [index, entry] of listOf(data['parameters']).entries()) {
    const name = textOf(recordOf(entry)['name']);
    if (name === '') return broken('a parameter has no name', 'parameters', index);
    if (seen.has(name)) return broken(`two parameters have the name "${name}"`, 'parameters', index, 'name');
    seen.add(name);
  }
  if (seen.size === 0) return broken('it has no parameters', 'parameters');
  return needsSelector(data, 'query', 'the text');
}

function checkLoop(data: DifyData): BrokenSetting | null {
  const count = data['loop_count'];
  if (count != null && (numberOf(count) ?? 0) < 1)
    return broken(`"loop_count" is ${JSON.stringify(count)}; it must be 1 or more`, 'loop_count');
  return checkConditions(listOf(data['break_conditions']), ['break_conditions']);
}

function checkList(data: DifyData): BrokenSetting | null {
  const filter = recordOf(data['filter_by']);
  const wrong = flagOf(filter['enabled'])
    ? listOf(filter['conditions']).findIndex(
        (entry) => operatorOf(recordOf(entry)['comparison_operator']) === null,
      )
    : -1;
  if (wrong >= 0) return broken('a filter has no known operator', 'filter_by', 'conditions', wrong);
  return needsItems(data, 'variable');
}
