import type {
  AggregateConfig,
  AnswerConfig,
  AssignConfig,
  CodeConfig,
  Condition,
  ExtractDocumentConfig,
  HttpConfig,
  KnowledgeConfig,
  ListConfig,
  OutputConfig,
  OutputShape,
  StartConfig,
  TemplateConfig,
  ValueType,
} from '../../src/contracts/plan-configs.ts';
import { isRecord } from '../../src/contracts/json.ts';
import {
  flagOf,
  integerOf,
  jsonOf,
  listOf,
  numberOf,
  recordOf,
  selectorOf,
  textOf,
  typedValue,
  valueTypeOf,
} from './data-fields.ts';
import type { DifyData, DifyNode } from './dify-app.ts';
import type { CompileContext, StepDraft } from './compile-context.ts';
import { bindings, settings } from './compile-context.ts';
import { keyCondition } from './compile-choices.ts';
import { namesOf } from './compile-prompt.ts';
import { operationOf, operatorOf } from './find-broken-settings.ts';
import { namedTexts } from './judge-request.ts';
import { timeConfig } from './time-tool.ts';

/** Most passages of one search. */
const MAX_PASSAGES = 50;
/** Passages where the export names no number, as in Dify. */
const USUAL_PASSAGES = 4;

/** Compiles the start. */
export function compileStart(_node: DifyNode, context: CompileContext): StepDraft {
  const { fields } = context.app;
  const config: StartConfig = { fields };
  return { kind: 'start', outputs: fields.map(({ name }) => name), config: settings(config) };
}

/** Compiles an answer; texts of 2023 name their variables beside the text. */
export function compileAnswer(node: DifyNode, context: CompileContext): StepDraft {
  const names = namesOf(node.data['variables'], context);
  const config: AnswerConfig = { template: context.template(node.data['answer'], { names }) };
  return { kind: 'answer', outputs: ['answer'], config: settings(config) };
}

/** Compiles an end. */
export function compileEnd(node: DifyNode, context: CompileContext): StepDraft {
  const outputs = listOf(node.data['outputs']).flatMap((entry, index) => {
    const data = recordOf(entry);
    const name = textOf(data['variable']);
    const from = context.from(data['value_selector']);
    if (name !== '' && from !== null) return [{ name, from }];
    context.remark(node, `its output "${name}" has no source and is left out`, 'outputs', index);
    return [];
  });
  const config: OutputConfig = { outputs };
  return { kind: 'output', outputs: outputs.map(({ name }) => name), config: settings(config) };
}

/** Compiles a retrieval. Scores of other embeddings say nothing here, so the bundle's own gate takes the place of a threshold. */
export function compileKnowledge(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const isMultiple = textOf(data['retrieval_mode']) !== 'single';
  const retrieval = recordOf(data['multiple_retrieval_config']);
  const limit = integerOf(retrieval['top_k'], USUAL_PASSAGES, 1, MAX_PASSAGES);
  const threshold = numberOf(retrieval['score_threshold']);
  if (threshold !== null && threshold > 0 && isMultiple) {
    const what = `the score threshold ${threshold} belongs to other embeddings; the bundle's own gate is used`;
    context.remark(node, what, 'multiple_retrieval_config', 'score_threshold');
  }
  const query = context.from(data['query_variable_selector']);
  if (query === null)
    context.remark(
      node,
      'it names no question; the message of the visitor is used',
      'query_variable_selector',
    );
  const config: KnowledgeConfig = {
    query: query ?? ['sys', 'query'],
    collections: [...new Set(datasetsOf(data).flatMap((id) => context.collectionsOf(id)))],
    limit,
    threshold: null,
    filter: filterOf(node, context),
  };
  return { kind: 'knowledge', outputs: ['result', 'passages'], config: settings(config) };
}

/** Ids of the datasets of a retrieval, as they stand in the file. */
export function datasetsOf(data: DifyData): readonly string[] {
  return [
    ...new Set(
      listOf(data['dataset_ids'])
        .map((id) => textOf(id))
        .filter((id) => id !== ''),
    ),
  ];
}

function filterOf(node: DifyNode, context: CompileContext): KnowledgeConfig['filter'] {
  const mode = textOf(node.data['metadata_filtering_mode'], 'disabled');
  if (mode === 'automatic')
    context.remark(
      node,
      'a filter that a model chooses is left out: all passages are searched',
      'metadata_filtering_mode',
    );
  if (mode !== 'manual') return null;
  const data = recordOf(node.data['metadata_filtering_conditions']);
  const conditions = listOf(data['conditions']).flatMap((entry): Condition[] => {
    const { name, comparison_operator, value } = recordOf(entry);
    const operator = operatorOf(comparison_operator);
    if (operator === null) return [];
    const expected = typeof value === 'string' ? context.template(value) : { value: jsonOf(value) };
    return [{ from: ['metadata', textOf(name)], operator, value: expected, files: null }];
  });
  return conditions.length === 0
    ? null
    : { mode: textOf(data['logical_operator']) === 'or' ? 'any' : 'all', conditions };
}

/** Compiles a code node for the interpreter that was chosen. */
export function compileCode(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const runtime = context.sites.get(node.id)?.runtime ?? 'pyodide';
  const outputs = shapesOf(data['outputs']);
  const config: CodeConfig = {
    language: runtime === 'quickjs' ? 'javascript' : 'python',
    runtime,
    source: textOf(data['code']),
    outputs,
  };
  return {
    kind: 'code',
    inputs: bindings(data['variables'], context),
    outputs: Object.keys(outputs),
    config: settings(config),
  };
}

function shapesOf(value: unknown): { readonly [name: string]: OutputShape } {
  const entries = Object.entries(recordOf(value)).map(([name, entry]): [string, OutputShape] => {
    const data = recordOf(entry);
    const children = isRecord(data['children']) ? shapesOf(data['children']) : null;
    return [name, { type: valueTypeOf(data['type']), children }];
  });
  return Object.fromEntries(entries);
}

/** Compiles a Jinja template. */
export function compileTemplate(node: DifyNode, context: CompileContext): StepDraft {
  const config: TemplateConfig = { source: textOf(node.data['template']) };
  const inputs = bindings(node.data['variables'], context);
  return { kind: 'template', inputs, outputs: ['output'], config: settings(config) };
}

/** Compiles an aggregator. */
export function compileAggregate(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const advanced = recordOf(data['advanced_settings']);
  const isGrouped = flagOf(advanced['group_enabled']);
  const sources = (value: unknown): AggregateConfig['groups'][number]['from'] =>
    listOf(value)
      .map(context.from)
      .filter((from) => from !== null);
  const groups = isGrouped
    ? listOf(advanced['groups'])
        .map(recordOf)
        .map((group) => ({
          name: textOf(group['group_name']),
          type: valueTypeOf(group['output_type']),
          from: sources(group['variables']),
        }))
    : [{ name: 'output', type: valueTypeOf(data['output_type']), from: sources(data['variables']) }];
  const config: AggregateConfig = { isGrouped, groups };
  return { kind: 'aggregate', outputs: groups.map(({ name }) => name), config: settings(config) };
}

/** Compiles an assigner of either version. */
export function compileAssign(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const items =
    'assigned_variable_selector' in data
      ? firstVersion(data, context)
      : listOf(data['items']).flatMap((item) => secondVersion(recordOf(item), context));
  const config: AssignConfig = { items };
  return { kind: 'assign', outputs: [], config: settings(config) };
}

function firstVersion(data: DifyData, context: CompileContext): AssignConfig['items'] {
  const to = context.from(data['assigned_variable_selector']);
  const from = context.from(data['input_variable_selector']);
  const operation = operationOf(data['write_mode']) ?? 'over-write';
  if (to === null) return [];
  return [{ to, operation, value: operation === 'clear' || from === null ? null : { from } }];
}

function secondVersion(data: DifyData, context: CompileContext): AssignConfig['items'] {
  const to = context.from(data['variable_selector']);
  const operation = operationOf(data['operation']);
  if (to === null || operation === null) return [];
  if (operation === 'clear' || operation === 'remove-first' || operation === 'remove-last')
    return [{ to, operation, value: null }];
  const from =
    textOf(data['input_type']) === 'constant' || operation === 'set' ? null : context.from(data['value']);
  if (from !== null) return [{ to, operation, value: { from } }];
  return [{ to, operation, value: { value: typedValue(data['value'], typeOfTarget(data, context)) } }];
}

/** Declared type of the variable an assignment changes; constants are written as text whatever it is. */
function typeOfTarget(data: DifyData, { app }: CompileContext): ValueType {
  const [scope, name] = selectorOf(data['variable_selector']) ?? ['', ''];
  if (scope === 'conversation')
    return app.conversation.find((variable) => variable.name === name)?.type ?? 'any';
  const loop = app.nodes.find((node) => node.id === scope);
  const variable = listOf(loop?.data['loop_variables'])
    .map(recordOf)
    .find((entry) => textOf(entry['label']) === name);
  return variable === undefined ? 'any' : valueTypeOf(variable['var_type']);
}

/** Compiles a list operator. */
export function compileList(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const [filter, order, take, limit] = ['filter_by', 'order_by', 'extract_by', 'limit'].map((key) => {
    const part = recordOf(data[key]);
    return flagOf(part['enabled']) ? part : null;
  });
  const size = numberOf(limit?.['size']);
  if (size !== null && size < 1) context.remark(node, `its limit is ${size}`, 'limit', 'size');
  const conditions = listOf(filter?.['conditions']).flatMap((entry) =>
    keyCondition(recordOf(entry), context),
  );
  const config: ListConfig = {
    from: context.from(data['variable']) ?? ['sys', 'files'],
    filter: filter == null || conditions.length === 0 ? null : { mode: 'all', conditions },
    order:
      order == null
        ? null
        : { key: textOf(order['key']), isDescending: textOf(order['value']).toLowerCase() === 'desc' },
    take: take == null ? null : context.template(textOf(take['serial'], '1')),
    limit: size === null ? null : Math.trunc(size),
  };
  return { kind: 'list', outputs: ['result', 'first_record', 'last_record'], config: settings(config) };
}

/** Compiles a document extractor. */
export function compileDocument(node: DifyNode, context: CompileContext): StepDraft {
  const config: ExtractDocumentConfig = {
    from: context.from(node.data['variable_selector']) ?? ['sys', 'files'],
    isList: flagOf(node.data['is_array_file']),
  };
  return { kind: 'extract-document', outputs: ['text'], config: settings(config) };
}

/** Compiles a request that the device may make. */
export function compileHttp(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const timeout = recordOf(data['timeout']);
  const seconds = numberOf(timeout['max_read_timeout'] ?? timeout['read']) ?? 0;
  const named = (value: unknown): HttpConfig['headers'] =>
    namedTexts(value).map(({ name, value: text }) => ({ name, value: context.template(text) }));
  const config: HttpConfig = {
    url: context.template(textOf(data['url']).trim()),
    headers: named(data['headers']),
    params: named(data['params']),
    timeoutMs: Math.round(Math.min(60, seconds <= 0 ? 10 : seconds) * 1000),
  };
  return { kind: 'http', outputs: ['status_code', 'body', 'headers', 'files'], config: settings(config) };
}

/** Compiles the tool that tells the time. */
export function compileTime(node: DifyNode): StepDraft {
  const config = timeConfig(node.data) ?? { format: '%Y-%m-%d %H:%M:%S', timeZone: 'UTC' };
  return { kind: 'time', outputs: ['text'], config: settings(config) };
}
