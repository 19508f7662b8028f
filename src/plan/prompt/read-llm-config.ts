import type { Json, JsonObject } from '../../contracts/json.ts';
import { isInteger, isRecord, isStringArray } from '../../contracts/json.ts';
import type { LlmConfig, PlanMemory, PlanMessage, Selector } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import {
  accepted,
  invalidConfig,
  readObjects,
  readSelector,
  readTemplate,
  readText,
} from '../steps/step-config.ts';

/** Most messages of a prompt, and most texts that end an output. */
const MAX_MESSAGES = 200;
const MAX_STOPS = 16;

/** Accepts the settings of an `llm` step. @throws UnderstudyError `plan/invalid`. */
export function readLlmConfig(step: Step): LlmConfig {
  const { config } = step;
  const messages = readObjects(step, 'messages', config['messages'], (entry) => readMessage(step, entry));
  if (messages.length === 0 || messages.length > MAX_MESSAGES) throw invalidConfig(step, 'messages');
  const { schema = null, stop = [], reasoning = 'tagged', isCompletion = false } = config;
  if (typeof isCompletion !== 'boolean') throw invalidConfig(step, 'isCompletion');
  if (reasoning !== 'tagged' && reasoning !== 'separated') throw invalidConfig(step, 'reasoning');
  return {
    messages,
    isCompletion,
    memory: readMemory(step, config['memory'] ?? null),
    context: optionalSelector(step, 'context', config['context'] ?? null),
    vision: optionalSelector(step, 'vision', config['vision'] ?? null),
    schema: schema === null ? null : accepted(step, 'schema', isObject(schema) ? schema : null),
    maxTokens: optionalNumber(step, 'maxTokens', config['maxTokens'] ?? null, 1, 1_000_000),
    temperature: optionalNumber(step, 'temperature', config['temperature'] ?? null, 0, 100),
    topP: optionalNumber(step, 'topP', config['topP'] ?? null, 0, 1),
    stop: accepted(step, 'stop', isStringArray(stop) && stop.length <= MAX_STOPS ? stop : null),
    reasoning,
  };
}

function readMessage(step: Step, entry: Record<string, unknown>): PlanMessage {
  const { role, text } = entry;
  if (role !== 'system' && role !== 'user' && role !== 'assistant')
    throw invalidConfig(step, 'role of a message');
  if (isRecord(text)) return { role, text: { jinja: readText(step, 'text of a message', text['jinja']) } };
  return { role, text: readTemplate(step, 'text of a message', text) };
}

function readMemory(step: Step, value: Json): PlanMemory | null {
  if (value === null) return null;
  const memory = accepted(step, 'memory', isObject(value) ? value : null);
  const { window = null, query = null, roles = null } = memory;
  if (window !== null && !isInteger(window)) throw invalidConfig(step, 'window of the memory');
  return {
    window,
    query: query === null ? null : readTemplate(step, 'query of the memory', query),
    roles: roles === null ? null : readRoles(step, roles),
  };
}

function readRoles(step: Step, value: Json): NonNullable<PlanMemory['roles']> {
  const roles = accepted(step, 'roles of the memory', isObject(value) ? value : null);
  return {
    user: readText(step, 'roles of the memory', roles['user']),
    assistant: readText(step, 'roles of the memory', roles['assistant']),
  };
}

function optionalSelector(step: Step, setting: string, value: Json): Selector | null {
  return value === null ? null : readSelector(step, setting, value);
}

/** A number that is out of range is brought into it: parameters were written for other models. */
function optionalNumber(
  step: Step,
  setting: string,
  value: Json,
  least: number,
  most: number,
): number | null {
  if (value === null) return null;
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidConfig(step, setting);
  return Math.min(most, Math.max(least, value));
}

function isObject(value: Json): value is JsonObject {
  return isRecord(value);
}
