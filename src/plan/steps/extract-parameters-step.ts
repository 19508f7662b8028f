import type { Json, JsonObject } from '../../contracts/json.ts';
import { isStringArray } from '../../contracts/json.ts';
import type { ParameterDefinition, Template } from '../../contracts/plan-configs.ts';
import { VALUE_TYPES } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import { askEngineForParameters } from '../parameters/ask-engine.ts';
import { convertValue, emptyValue } from '../parameters/convert-value.ts';
import { extractByRules } from '../parameters/extract-by-rules.ts';
import { kindOfParameter } from '../parameters/parameter-kind.ts';
import type { PlanValue } from '../plan-value.ts';
import type { StepDefinition, StepRun } from '../step-handler.ts';
import { renderTemplate } from '../values/render-template.ts';
import { renderText } from '../values/render-value.ts';
import { accepted, invalidConfig, readObjects, readSelector, readTemplate, readText } from './step-config.ts';

const MAX_PARAMETERS = 100;
/** Names the step sets by itself. */
const OWN_NAMES: ReadonlySet<string> = new Set(['__is_success', '__reason', '__usage', '__proto__']);

/**
 * `extract-parameters`: finds values in a message, by rules, and by a model that follows prompts where one is ready. Outputs them by
 * name, with `__is_success` (0 when a required one was not found) and `__reason`. What was not found is empty: '', 0, false, [] or {}.
 *
 * It never fails: flows go on by `__is_success`. What a model says of addresses and numbers must stand in the message.
 */
export const extractParametersDefinition: StepDefinition = {
  prepare: (step) => {
    const parameters = readParameters(step);
    const query = readSelector(step, 'query', step.config['query']);
    const told = step.config['instruction'] ?? null;
    const instruction = told === null ? [] : readTemplate(step, 'instruction', told);
    return async function* (run) {
      const value = run.pool.get(query);
      const message = value === undefined ? '' : renderText(value);
      const values = await extract(run, parameters, message, instruction);
      const missing = parameters.filter(({ name, isRequired }) => isRequired && !values.has(name));
      const outputs: [string, PlanValue][] = parameters.map((parameter) => [
        parameter.name,
        values.get(parameter.name) ?? emptyValue(parameter),
      ]);
      const names = missing.map(({ name }) => name).join(', ');
      outputs.push(['__is_success', missing.length === 0 ? 1 : 0]);
      outputs.push(['__reason', missing.length === 0 ? null : `Not found in the message: ${names}.`]);
      return { when: 'default', outputs: Object.fromEntries(outputs) };
    };
  },
};

async function extract(
  run: StepRun,
  parameters: readonly ParameterDefinition[],
  message: string,
  instruction: Template,
): Promise<ReadonlyMap<string, Json>> {
  const isScripted = run.services.isScripted === true;
  const engine = run.services.engine();
  const isGeneral = engine?.ability === 'general';
  const byRules =
    isScripted && isGeneral
      ? new Map<string, Json>()
      : extractByRules(message, parameters, run.services.clock.now());
  if (engine === null || !isGeneral || message.trim() === '') return byRules;
  const told = renderTemplate(instruction, (selector) => run.pool.get(selector), 'text');
  const given = await askEngineForParameters(run, engine, parameters, message, told);
  if (given === null) return byRules;
  const values = new Map<string, Json>(byRules);
  for (const parameter of parameters) {
    const value = valueOf(given, parameter);
    if (value !== null && (isScripted || mayStand(value, parameter, message)))
      values.set(parameter.name, value);
  }
  return values;
}

function valueOf(given: JsonObject, parameter: ParameterDefinition): Json | null {
  const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined;
  return value === undefined ? null : convertValue(value, parameter);
}

const LITERAL: ReadonlySet<string> = new Set(['email', 'phone', 'url', 'code']);

/** An address or number that the message does not hold was made up. */
function mayStand(value: Json, parameter: ParameterDefinition, message: string): boolean {
  if (typeof value !== 'string' || !LITERAL.has(kindOfParameter(parameter))) return true;
  const bare = (text: string): string => text.toLowerCase().replaceAll(/[\s().#-]/g, '');
  return bare(message).includes(bare(value));
}

function readParameters(step: Step): readonly ParameterDefinition[] {
  const parameters = readObjects(step, 'parameters', step.config['parameters'], (entry) => {
    const { options = [], description = '', isRequired = false } = entry;
    if (typeof isRequired !== 'boolean') throw invalidConfig(step, 'isRequired of a parameter');
    const name = readText(step, 'name of a parameter', entry['name']);
    if (name === '' || OWN_NAMES.has(name)) throw invalidConfig(step, 'name of a parameter');
    return {
      name,
      type: readType(step, entry['type']),
      description: readText(step, 'description of a parameter', description ?? ''),
      options: accepted(step, 'options of a parameter', isStringArray(options) ? options : null),
      isRequired,
    };
  });
  const names = new Set(parameters.map(({ name }) => name));
  if (parameters.length === 0 || parameters.length > MAX_PARAMETERS || names.size < parameters.length)
    throw invalidConfig(step, 'parameters');
  return parameters;
}

/** Types as exports name them, old names too. */
function readType(step: Step, value: unknown): ParameterDefinition['type'] {
  if (value === 'bool') return 'boolean';
  if (value === 'select') return value;
  return accepted(step, 'type of a parameter', VALUE_TYPES.find((known) => known === value) ?? null);
}
