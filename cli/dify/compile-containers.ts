import type { IterateConfig, LoopConfig } from '../../src/contracts/plan-configs.ts';
import { flagOf, integerOf, listOf, recordOf, textOf, typedValue, valueTypeOf } from './data-fields.ts';
import type { DifyNode } from './dify-app.ts';
import { entryOf } from './decide-sites.ts';
import type { CompileContext, StepDraft } from './compile-context.ts';
import { settings } from './compile-context.ts';
import { conditionSet } from './compile-choices.ts';

/** Most rounds of a loop. */
const MAX_ROUNDS = 1000;

const ERROR_MODES: { readonly [mode: string]: IterateConfig['onError'] } = {
  terminated: 'fail',
  'continue-on-error': 'null',
  'remove-abnormal-output': 'drop',
};

/** Compiles an iteration. */
export function compileIteration(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const config: IterateConfig = {
    items: context.from(data['iterator_selector']) ?? ['sys', 'files'],
    output: context.from(data['output_selector']) ?? [context.stepOf(node.id), 'item'],
    start: startOf(node, context),
    parallel: flagOf(data['is_parallel']) ? integerOf(data['parallel_nums'], 10, 1, 10) : 1,
    onError: ERROR_MODES[textOf(data['error_handle_mode'])] ?? 'fail',
    isFlattened: flagOf(data['flatten_output'], true),
  };
  return { kind: 'iterate', outputs: ['output'], config: settings(config) };
}

/** Compiles a loop. */
export function compileLoop(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const variables = listOf(data['loop_variables'])
    .map(recordOf)
    .map((entry) => {
      const type = valueTypeOf(entry['var_type']);
      const from = textOf(entry['value_type']) === 'variable' ? context.from(entry['value']) : null;
      const value = from === null ? { value: typedValue(entry['value'], type) } : { from };
      return { name: textOf(entry['label']), type, value };
    })
    .filter((variable) => variable.name !== '');
  const until = conditionSet({ ...data, conditions: data['break_conditions'] }, context);
  const config: LoopConfig = {
    rounds: integerOf(data['loop_count'], 10, 1, MAX_ROUNDS),
    variables,
    until: until.conditions.length === 0 ? null : until,
    start: startOf(node, context),
  };
  const names = variables.map(({ name }) => name);
  return { kind: 'loop', outputs: [...names, 'loop_round'], config: settings(config) };
}

function startOf(node: DifyNode, context: CompileContext): string {
  return context.stepOf(entryOf(node, context.app) ?? '');
}
