import type { Engine, EngineMetrics, EnginePart, GenerateRequest } from '../../contracts/engine.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { LlmConfig } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { misfitOf } from './fits-schema.ts';
import { generateInTurn } from './generate-in-turn.ts';
import { readJson } from './read-json.ts';
import { ReasoningFilter, splitReasoning } from './reasoning.ts';
import { usageOf } from './usage.ts';

/** What a model wrote. */
export interface Written {
  readonly outputs: { readonly [name: string]: PlanValue };
  readonly metrics: EngineMetrics;
}

/** Options of {@link writeFreely}. */
export interface WriteFreelyOptions {
  readonly engine: Engine;
  readonly config: LlmConfig;
  readonly signal: AbortSignal;
}

/**
 * Has an engine write what a prompt asks for and yields the text as it comes; thoughts are left out where they are separated.
 *
 * A schema is kept by the engine's grammar; engines without one are asked in words, and their JSON is mended where it is broken.
 * @throws UnderstudyError `plan/value-invalid` for an output that does not fit the schema, `engine/*`; the signal's reason.
 */
export async function* writeFreely(
  request: GenerateRequest,
  { engine, config, signal }: WriteFreelyOptions,
): AsyncGenerator<string, Written> {
  const isSeparated = config.reasoning === 'separated';
  const filter = new ReasoningFilter();
  let raw = '';
  let end: Extract<EnginePart, { type: 'end' }> | null = null;
  for await (const part of inForm(request, config.schema, engine, signal)) {
    if (part.type === 'end') end = part;
    else raw += part.text;
    const said = part.type === 'end' ? filter.finish() : filter.push(part.text);
    const text = isSeparated ? said : part.type === 'end' ? '' : part.text;
    if (text !== '') yield text;
  }
  if (end === null) throw new UnderstudyError('engine/failed', 'The engine stopped without an end.');
  const split = isSeparated ? splitReasoning(raw) : { text: raw, reasoning: '' };
  return {
    outputs: {
      text: split.text,
      usage: usageOf(end.metrics),
      finish_reason: end.reason,
      reasoning_content: split.reasoning,
      ...structuredOf(end.value, raw, config.schema),
    },
    metrics: end.metrics,
  };
}

/** The output of an engine that is kept to a schema where there is one. */
export async function* inForm(
  request: GenerateRequest,
  schema: JsonObject | null,
  engine: Engine,
  signal: AbortSignal,
): AsyncGenerator<EnginePart, void, undefined> {
  if (schema === null) return yield* generateInTurn(engine, request, signal);
  let hasBegun = false;
  try {
    for await (const part of generateInTurn(engine, { ...request, schema }, signal)) {
      hasBegun = true;
      yield part;
    }
  } catch (error) {
    // It keeps to no schema, or not to this one.
    const isUnkept =
      isUnderstudyError(error, 'engine/unsupported') || isUnderstudyError(error, 'engine/grammar-invalid');
    if (hasBegun || !isUnkept) throw error;
    yield* generateInTurn(engine, { ...request, messages: askedInWords(request, schema) }, signal);
  }
}

function askedInWords(request: GenerateRequest, schema: JsonObject): GenerateRequest['messages'] {
  const content = `Answer with one JSON value and nothing else. It must fit this JSON Schema:\n${JSON.stringify(schema)}`;
  return [{ role: 'system', content }, ...request.messages];
}

function structuredOf(
  given: Json | undefined,
  raw: string,
  schema: JsonObject | null,
): { readonly structured_output?: Json } {
  if (given !== undefined) return { structured_output: given };
  return schema === null ? {} : { structured_output: readStructured(raw, schema) };
}

/** Reads the JSON in an output. @throws UnderstudyError `plan/value-invalid`. */
function readStructured(raw: string, schema: JsonObject): Json {
  const value = readJson(splitReasoning(raw).text);
  const misfit = value === undefined ? 'it is no JSON' : misfitOf(value, schema);
  if (value !== undefined && misfit === null) return value;
  throw new UnderstudyError(
    'plan/value-invalid',
    `The model did not write what the schema asks for: ${misfit ?? ''}.`,
    {
      facts: { output: raw.slice(0, 500) },
    },
  );
}
