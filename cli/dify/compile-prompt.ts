import type { LlmConfig, PlanMemory, PlanMessage, Selector } from '../../src/contracts/plan-configs.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { flagOf, integerOf, jsonOf, listOf, numberOf, recordOf, textOf, textsOf } from './data-fields.ts';
import type { DifyData, DifyNode } from './dify-app.ts';
import type { CompileContext, StepDraft } from './compile-context.ts';
import { bindings, settings } from './compile-context.ts';

const OUTPUTS = ['text', 'usage', 'finish_reason', 'reasoning_content', 'structured_output'];
/** Most texts that end an output. */
const MAX_STOPS = 16;
/** Most messages of a prompt. */
const MAX_MESSAGES = 200;

/** Compiles an LLM node. */
export function compileLlm(node: DifyNode, context: CompileContext): StepDraft {
  const { data } = node;
  const model = recordOf(data['model']);
  const messages = messagesOf(data['prompt_template'], node, context);
  const found = recordOf(data['context']);
  const config: LlmConfig = {
    messages,
    isCompletion: isTextModel(data),
    memory: memoryOf(data['memory'], context),
    context: flagOf(found['enabled']) ? context.from(found['variable_selector']) : null,
    vision: visionOf(data['vision'], context),
    schema: schemaOf(node, context),
    ...parametersOf(model),
    reasoning: textOf(data['reasoning_format']) === 'separated' ? 'separated' : 'tagged',
  };
  const variables = recordOf(data['prompt_config'])['jinja2_variables'];
  const isJinja = messages.some((message) => 'jinja' in message.text);
  const inputs = isJinja ? bindings(variables, context) : {};
  return { kind: 'llm', inputs, outputs: OUTPUTS, config: settings(config) };
}

/** Compiles an agent node that calls no tools: its instruction and question are a prompt. */
export function compileAgent(node: DifyNode, context: CompileContext): StepDraft {
  const parameters = recordOf(node.data['agent_parameters']);
  const model = recordOf(valueOf(parameters['model']));
  const instruction = context.template(valueOf(parameters['instruction']));
  const query = valueOf(parameters['query']);
  const asked = context.from(query);
  const question = asked === null ? context.template(query ?? '{{#sys.query#}}') : [{ from: asked }];
  const memory = memoryOf(node.data['memory'], context);
  const found = context.from(valueOf(parameters['context']));
  const system: PlanMessage[] =
    found === null
      ? [{ role: 'system', text: instruction }]
      : [{ role: 'system', text: [...instruction, '\n\n', { from: ['context', 'text'] }] }];
  const config: LlmConfig = {
    // With a memory the question comes after what was said before.
    messages: memory === null ? [...system, { role: 'user', text: question }] : system,
    isCompletion: false,
    memory: memory === null ? null : { ...memory, query: memory.query ?? question },
    context: found,
    vision: null,
    schema: null,
    ...parametersOf(model),
    reasoning: 'tagged',
  };
  return { kind: 'llm', outputs: OUTPUTS, config: settings(config) };
}

/** Parameters of agents are `{type, value}`; those of old files are the value itself. */
function valueOf(parameter: unknown): unknown {
  return isRecord(parameter) && 'value' in parameter ? parameter['value'] : parameter;
}

function isTextModel(data: DifyData): boolean {
  return textOf(recordOf(data['model'])['mode']) === 'completion' || isRecord(data['prompt_template']);
}

function messagesOf(value: unknown, node: DifyNode, context: CompileContext): readonly PlanMessage[] {
  const names = namesOf(node.data['variables'], context);
  const list: readonly unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? [{ role: 'user', text: value }]
      : isRecord(value)
        ? [{ ...value, role: 'user' }]
        : [];
  if (list.length > MAX_MESSAGES)
    context.remark(node, `only the first ${MAX_MESSAGES} messages of its prompt are kept`, 'prompt_template');
  const messages = list
    .slice(0, MAX_MESSAGES)
    .map(recordOf)
    .map((entry): PlanMessage => {
      const role = textOf(entry['role']);
      const text = textOf(entry['text']);
      const isJinja = textOf(entry['edition_type']) === 'jinja2';
      return {
        role: role === 'system' || role === 'assistant' ? role : 'user',
        text: isJinja
          ? { jinja: textOf(entry['jinja2_text']) || text }
          : context.template(text, { hasContext: true, names }),
      };
    });
  return messages.length > 0 ? messages : [{ role: 'system', text: [] }];
}

/** Variables of old nodes, which prompts write `{{name}}`. */
export function namesOf(value: unknown, context: CompileContext): ReadonlyMap<string, Selector> {
  const names = new Map<string, Selector>();
  for (const entry of listOf(value)) {
    const data = recordOf(entry);
    const from = context.from(data['value_selector']);
    const name = textOf(data['variable']);
    if (from !== null && name !== '') names.set(name, from);
  }
  return names;
}

function memoryOf(value: unknown, context: CompileContext): PlanMemory | null {
  if (!isRecord(value)) return null;
  const window = recordOf(value['window']);
  const roles = recordOf(value['role_prefix']);
  const [user, assistant] = [textOf(roles['user']), textOf(roles['assistant'])];
  const query = textOf(value['query_prompt_template']);
  // Workflows have no conversation: without words of its own the memory adds nothing.
  if (context.app.mode === 'workflow' && query === '') return null;
  return {
    window: flagOf(window['enabled']) ? integerOf(window['size'], 50, 0, 500) : null,
    query: query === '' ? null : context.template(query, { hasContext: true }),
    roles: user === '' && assistant === '' ? null : { user, assistant },
  };
}

function visionOf(value: unknown, context: CompileContext): Selector | null {
  const vision = recordOf(value);
  if (!flagOf(vision['enabled'])) return null;
  return context.from(recordOf(vision['configs'])['variable_selector']) ?? ['sys', 'files'];
}

function schemaOf(node: DifyNode, context: CompileContext): LlmConfig['schema'] {
  const { data } = node;
  if (!flagOf(data['structured_output_enabled'] ?? data['structured_output_switch_on'])) return null;
  const schema = recordOf(data['structured_output'])['schema'];
  if (isRecord(schema)) return settings(schema);
  context.remark(node, 'structured output is switched on, but there is no schema', 'structured_output');
  return null;
}

/** Parameters by the names of several providers; those that come from variables are left to the engine. */
function parametersOf(model: DifyData): Pick<LlmConfig, 'maxTokens' | 'temperature' | 'topP' | 'stop'> {
  const parameters = recordOf(model['completion_params']);
  const first = (...names: readonly string[]): number | null => {
    const found = names.map((name) => numberOf(parameters[name])).find((number) => number !== null);
    return found ?? null;
  };
  const maxTokens = first(
    'max_tokens',
    'max_output_tokens',
    'max_completion_tokens',
    'maxOutputTokens',
    'num_predict',
  );
  const temperature = first('temperature');
  const topP = first('top_p', 'topP');
  return {
    maxTokens: maxTokens === null || maxTokens < 1 ? null : Math.trunc(maxTokens),
    temperature: temperature === null ? null : Math.max(0, temperature),
    topP: topP === null ? null : Math.min(1, Math.max(0, topP)),
    stop: textsOf(jsonOf(parameters['stop'])).slice(0, MAX_STOPS),
  };
}
