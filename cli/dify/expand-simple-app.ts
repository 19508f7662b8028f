import type { YamlText } from '../config/read-yaml.ts';
import { readSimpleFields } from './read-variables.ts';
import { flagOf, listOf, recordOf, textOf } from './data-fields.ts';
import type { DifyData, DifyEdge, DifyMode, DifyNode, DifyNodeType, LeftOut } from './dify-app.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';

/*
 * Apps of the modes chat, agent-chat and completion have settings in place of a graph. They are given the graph that does what the
 * settings say: start → knowledge → llm (or agent) → answer.
 */

/** What stands before the owner's prompt where there is knowledge; our own words. */
const CONTEXT_PROMPT = [
  'Answer from the passages between <context> and </context>.',
  '',
  '<context>',
  '{{#context#}}',
  '</context>',
  '',
  'Say that you do not know when they do not hold the answer. Do not speak of the passages. Answer in the language of the question.',
  '',
  '',
].join('\n');

/** What {@link expandSimpleApp} makes. */
export interface ExpandedApp {
  readonly nodes: readonly DifyNode[];
  readonly edges: readonly DifyEdge[];
  readonly fields: readonly FormField[];
  readonly leftOut: readonly LeftOut[];
}

/** Makes the graph of an app of simple mode from its `model_config`. */
export function expandSimpleApp(yaml: YamlText, mode: DifyMode): ExpandedApp {
  const config = recordOf(recordOf(yaml.value)['model_config']);
  const fields = readSimpleFields(config['user_input_form']);
  const datasets = datasetIds(config);
  const make = nodeMaker(yaml);
  const externals = listOf(config['external_data_tools'])
    .map(recordOf)
    .filter((tool) => flagOf(tool['enabled'], true));
  const [external] = externals;
  const needsCloud =
    external === undefined
      ? null
      : `its prompt takes "${textOf(external['variable'])}" from an external service, whose key no bundle may hold`;
  const chain = [make('start', 'start', 'user_input_form', { variables: config['user_input_form'] })];
  if (datasets.length > 0)
    chain.push(
      make('knowledge', 'knowledge-retrieval', 'dataset_configs', knowledgeData(config, datasets, mode)),
    );
  const tools = agentTools(config, mode);
  const prompts = promptData(config, mode, fields, datasets.length > 0);
  chain.push(
    tools.length === 0
      ? make('llm', 'llm', 'model', prompts, needsCloud)
      : make('agent', 'agent', 'agent_mode', agentData(config, tools, prompts), needsCloud),
  );
  const writer = chain.at(-1)?.id ?? 'llm';
  chain.push(make('answer', 'answer', 'model', { answer: `{{#${writer}.text#}}` }));
  const edges = chain.slice(1).map((node, index): DifyEdge => ({
    source: chain[index]?.id ?? '',
    handle: 'source',
    target: node.id,
    place: node.place,
  }));
  const place = yaml.placeOf(['model_config', 'external_data_tools']);
  const leftOut = externals.map((tool): LeftOut => {
    const what = `the service, with its key, that supplies "${textOf(tool['variable'])}"`;
    return { place, node: writer, what };
  });
  return { nodes: chain, edges, fields, leftOut };
}

type MakeNode = (
  id: string,
  type: DifyNodeType,
  key: string,
  data: DifyData,
  needsCloud?: string | null,
) => DifyNode;

function nodeMaker(yaml: YamlText): MakeNode {
  return (id, type, key, data, needsCloud = null) => ({
    id,
    type,
    title: '',
    data,
    parent: null,
    place: yaml.placeOf(['model_config', key]),
    placeOf: () => yaml.placeOf(['model_config', key]),
    needsCloud,
    position: null,
  });
}

/** Datasets of today's place, and of that of 2023, where they were tools. */
function datasetIds(config: DifyData): readonly string[] {
  const today = listOf(recordOf(recordOf(config['dataset_configs'])['datasets'])['datasets']);
  const before = listOf(recordOf(config['agent_mode'])['tools']);
  const ids = [...today, ...before].flatMap((entry) => {
    const dataset = recordOf(recordOf(entry)['dataset']);
    const id = textOf(dataset['id']);
    return id !== '' && flagOf(dataset['enabled'], true) ? [id] : [];
  });
  return [...new Set(ids)];
}

function knowledgeData(config: DifyData, ids: readonly string[], mode: DifyMode): DifyData {
  const settings = recordOf(config['dataset_configs']);
  const variable = textOf(config['dataset_query_variable']);
  const isMultiple = textOf(settings['retrieval_model']) === 'multiple';
  return {
    ...settings,
    dataset_ids: ids,
    query_variable_selector:
      mode === 'completion' && variable !== '' ? ['start', variable] : ['sys', 'query'],
    retrieval_mode: isMultiple ? 'multiple' : 'single',
    multiple_retrieval_config: {
      ...settings,
      score_threshold: flagOf(settings['score_threshold_enabled']) ? settings['score_threshold'] : null,
    },
  };
}

function agentTools(config: DifyData, mode: DifyMode): readonly unknown[] {
  const agent = recordOf(config['agent_mode']);
  if (mode !== 'agent-chat' && !flagOf(agent['enabled'])) return [];
  return listOf(agent['tools']).filter((tool) => {
    const data = recordOf(tool);
    return !('dataset' in data) && flagOf(data['enabled'], true);
  });
}

function agentData(config: DifyData, tools: readonly unknown[], prompts: DifyData): DifyData {
  const agent = recordOf(config['agent_mode']);
  const { prompt_template: messages } = prompts;
  const instruction = listOf(messages).map((message) => textOf(recordOf(message)['text']));
  return {
    ...prompts,
    agent_strategy_name: textOf(agent['strategy']),
    agent_parameters: {
      model: { type: 'constant', value: config['model'] },
      tools: { type: 'constant', value: tools },
      instruction: { type: 'constant', value: instruction.join('\n') },
      query: { type: 'constant', value: '{{#sys.query#}}' },
    },
  };
}

function promptData(
  config: DifyData,
  mode: DifyMode,
  fields: readonly FormField[],
  hasKnowledge: boolean,
): DifyData {
  const model = recordOf(config['model']);
  const isText = textOf(model['mode']) === 'completion';
  const image = recordOf(recordOf(config['file_upload'])['image']);
  const text = markWriter(fields);
  const isChat = mode !== 'completion';
  return {
    model,
    prompt_template: isText
      ? { text: textPrompt(config, isChat, hasKnowledge, text) }
      : chatPrompt(config, isChat, hasKnowledge, text),
    context: { enabled: hasKnowledge, variable_selector: ['knowledge', 'result'] },
    ...(isChat ? { memory: { window: { enabled: false }, role_prefix: textRoles(config) } } : {}),
    vision: {
      enabled: flagOf(image['enabled']),
      configs: { detail: textOf(image['detail']), variable_selector: ['sys', 'files'] },
    },
  };
}

function chatPrompt(
  config: DifyData,
  isChat: boolean,
  hasKnowledge: boolean,
  text: (prompt: string) => string,
): readonly DifyData[] {
  const advanced = listOf(recordOf(config['chat_prompt_config'])['prompt']).map(recordOf);
  if (textOf(config['prompt_type']) === 'advanced' && advanced.length > 0)
    return advanced.map((message) => ({
      role: textOf(message['role'], 'user'),
      text: text(textOf(message['text'])),
    }));
  const prompt = `${hasKnowledge ? CONTEXT_PROMPT : ''}${text(textOf(config['pre_prompt']))}\n`;
  return [{ role: isChat ? 'system' : 'user', text: prompt.trim() === '' ? '' : prompt }];
}

function textPrompt(
  config: DifyData,
  isChat: boolean,
  hasKnowledge: boolean,
  text: (prompt: string) => string,
): string {
  const advanced = textOf(recordOf(recordOf(config['completion_prompt_config'])['prompt'])['text']);
  if (textOf(config['prompt_type']) === 'advanced' && advanced !== '') return text(advanced);
  const prompt = `${hasKnowledge ? CONTEXT_PROMPT : ''}${text(textOf(config['pre_prompt']))}`;
  return isChat ? `${prompt}\n\n#histories#\n\nHuman: {{#sys.query#}}\n\nAssistant: ` : prompt;
}

function textRoles(config: DifyData): DifyData {
  const roles = recordOf(recordOf(config['completion_prompt_config'])['conversation_histories_role']);
  return { user: textOf(roles['user_prefix']), assistant: textOf(roles['assistant_prefix']) };
}

/** Writes `{{name}}` and the marks of simple apps as graphs write them. */
function markWriter(fields: readonly FormField[]): (prompt: string) => string {
  const names = new Set(fields.map((field) => field.name));
  return (prompt) =>
    prompt
      .replaceAll('{{#query#}}', '{{#sys.query#}}')
      .replaceAll('{{#histories#}}', '#histories#')
      .replace(/\{\{([A-Za-z_]\w*)\}\}/g, (mark, name: string) => {
        if (names.has(name)) return `{{#start.${name}#}}`;
        return name === 'query' ? '{{#sys.query#}}' : mark;
      });
}
