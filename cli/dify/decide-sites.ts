import { choosePythonRuntime } from '../../src/sandbox/choose-python-runtime.ts';
import type { CodeConfig } from '../../src/contracts/plan-configs.ts';
import { flagOf, listOf, recordOf, textOf, textsOf } from './data-fields.ts';
import type { DifyApp, DifyData, DifyNode } from './dify-app.ts';
import { findBrokenSetting } from './find-broken-settings.ts';
import { findCredentials } from './find-credentials.ts';
import { findSecretUses } from './find-secret-uses.ts';
import type { OwnerChoices } from './owner-choices.ts';
import { checkChosenNodes } from './owner-choices.ts';
import { judgeRequest } from './judge-request.ts';
import { isTimeTool } from './time-tool.ts';

/** Where a node runs: as it is, with the local model, in the cloud alone, or nowhere. */
export type Site = 'edge' | 'edge-model' | 'lead' | 'refused';

/** Where a node runs, and why. */
export interface NodeSite {
  readonly site: Site;
  /** In words that follow the node's name: `runs in MicroPython`. */
  readonly reason: string;
  /** Whether the owner decided it. */
  readonly isChosen: boolean;
  /** Interpreter of a code node that runs on the device, else null. */
  readonly runtime: CodeConfig['runtime'] | null;
}

/** What a rule says of a node. */
interface Verdict {
  readonly site: Site;
  readonly reason: string;
  readonly runtime?: CodeConfig['runtime'];
  /** What it would be on the device where the owner wants it there; missing: it cannot be. */
  readonly onDevice?: { readonly site: 'edge' | 'edge-model'; readonly reason: string };
}

/**
 * Decides for every node where it runs; the owner's choices win where they can be done.
 * @throws UnderstudyError `cli/config-invalid` for a choice about a node that is not there, or that cannot be done.
 */
export function decideSites(app: DifyApp, choices: OwnerChoices): ReadonlyMap<string, NodeSite> {
  checkChosenNodes(
    choices,
    app.nodes.map((node) => node.id),
  );
  return new Map(app.nodes.map((node) => [node.id, decide(node, app, choices)]));
}

function decide(node: DifyNode, app: DifyApp, choices: OwnerChoices): NodeSite {
  const verdict = judge(node, app, choices);
  const chosen = choices.nodes.get(node.id);
  const { site, reason, runtime = null, onDevice } = verdict;
  if (chosen === 'lead') {
    if (site === 'refused') throw choices.fail(node.id, `cannot be lead: it ${reason}`);
    if (MARKERS.has(node.type))
      throw choices.fail(node.id, 'cannot be lead: it only marks where something begins or ends');
    return {
      site: 'lead',
      reason: 'is left to the cloud, as understudy.yml says',
      isChosen: true,
      runtime: null,
    };
  }
  if (chosen === 'edge' && (site === 'lead' || site === 'refused')) {
    if (onDevice === undefined) throw choices.fail(node.id, `cannot be edge: it ${reason}`);
    return { ...onDevice, isChosen: true, runtime: null };
  }
  return { site, reason, isChosen: chosen !== undefined, runtime };
}

const MARKERS: ReadonlySet<string> = new Set(['start', 'iteration-start', 'loop-start', 'loop-end']);

function judge(node: DifyNode, app: DifyApp, choices: OwnerChoices): Verdict {
  const broken = findBrokenSetting(node);
  if (broken !== null) return { site: 'refused', reason: `cannot run: ${broken.what}` };
  const container = node.type === 'iteration' || node.type === 'loop';
  if (container && entryOf(node, app) === null)
    return { site: 'refused', reason: 'cannot run: nothing in it says where a round begins' };
  const around = app.nodes.find(({ id }) => id === node.parent)?.type;
  if (node.type === 'loop-end' && around !== 'loop')
    return { site: 'refused', reason: 'cannot run: it ends a loop and lies in none' };
  const verdict = judgeType(node, app, choices);
  if (verdict.site === 'lead' || verdict.site === 'refused') return verdict;
  if (node.needsCloud !== null) return lead(node.needsCloud);
  const [secret] = findSecretUses(node, app);
  return secret === undefined
    ? verdict
    : lead(`needs the secret "${secret}" of the environment, which no bundle may hold`);
}

function lead(reason: string): Verdict {
  return { site: 'lead', reason };
}

function edge(reason: string): Verdict {
  return { site: 'edge', reason };
}

function judgeType(node: DifyNode, app: DifyApp, choices: OwnerChoices): Verdict {
  const { data } = node;
  switch (node.type) {
    case 'start':
      return edge('takes the message and the form of the visitor');
    case 'end':
      return edge('gives the results');
    case 'answer':
      return edge('says its text');
    case 'llm':
      return { site: 'edge-model', reason: llmReason(data) };
    case 'knowledge-retrieval':
      return edge('searches the passages in the bundle');
    case 'question-classifier':
      return {
        site: 'edge-model',
        reason: 'is decided by the local classifier, which defers to the cloud when unsure',
      };
    case 'if-else':
      return edge('compares values');
    case 'code':
      return judgeCode(data);
    case 'template-transform':
      return edge('renders a Jinja template');
    case 'variable-aggregator':
      return edge('takes the first value that is there');
    case 'assigner':
      return edge('sets variables of the conversation or of its loop');
    case 'parameter-extractor':
      return {
        site: 'edge-model',
        reason: 'finds values with rules and the local model, held to the declared types',
      };
    case 'iteration':
    case 'loop':
      return edge('repeats the nodes in it');
    case 'iteration-start':
    case 'loop-start':
      return edge('marks where a round begins');
    case 'loop-end':
      return edge('ends the loop');
    case 'list-operator':
      return edge('filters, sorts and cuts a list');
    case 'document-extractor':
      return edge('reads text, HTML, CSV, JSON and the like; other files need the cloud');
    case 'http-request':
      return judgeRequest(node, app, choices.allowed);
    case 'tool':
      return isTimeTool(data)
        ? edge('tells the time')
        : lead(`calls the tool ${toolName(data)}, which runs in the cloud`);
    case 'agent':
      return judgeAgent(data);
    case 'human-input':
      return judgeForm(data);
    case 'trigger-webhook':
    case 'trigger-schedule':
    case 'trigger-plugin':
      return { site: 'refused', reason: 'begins runs that no visitor asked for' };
    case 'datasource':
    case 'datasource-empty':
    case 'knowledge-index':
      return { site: 'refused', reason: 'fills a knowledge base, which is not done in a page' };
  }
}

function llmReason(data: DifyData): string {
  const structured = flagOf(data['structured_output_enabled'] ?? data['structured_output_switch_on']);
  if (structured) return 'is written by the local model, held to the schema by a grammar';
  return flagOf(recordOf(data['vision'])['enabled'])
    ? 'is written by the local model, which sees no images: with an image it needs the cloud'
    : 'is written by the local model';
}

function judgeCode(data: DifyData): Verdict {
  const source = textOf(data['code']);
  const [credential] = findCredentials(source);
  if (credential !== undefined) return lead(`holds ${credential.kind}, which no bundle may hold`);
  if (/^(?:javascript|nodejs)$/.test(textOf(data['code_language']))) {
    const foreign = /\b(?:fetch|XMLHttpRequest|require|WebSocket)\s*\(|\bimport\s*[({'"*]/.exec(source);
    return foreign === null
      ? { site: 'edge', reason: 'is JavaScript and runs in QuickJS', runtime: 'quickjs' }
      : lead(`is JavaScript that uses "${foreign[0].replace(/\W+$/, '')}", which the sandbox does not have`);
  }
  const choice = choosePythonRuntime(source);
  if (choice.runtime === 'unsupported') return lead(`is Python that ${choice.reasons.join(' and ')}`);
  return choice.runtime === 'micropython'
    ? { site: 'edge', reason: 'is Python and runs in MicroPython', runtime: 'micropython' }
    : {
        site: 'edge',
        reason: `is Python and runs in Pyodide, because it ${choice.reasons.join(' and ')}`,
        runtime: 'pyodide',
      };
}

/** Name of a tool, as its node tells it. */
export function toolName(data: DifyData): string {
  const provider = textOf(data['provider_name']) || textOf(data['provider_id']);
  const name = textOf(data['tool_name']) || textOf(data['tool_label']);
  return `"${[provider, name].filter((part) => part !== '').join(' / ') || 'without a name'}"`;
}

/** Tools of an agent node. */
export function agentTools(data: DifyData): readonly string[] {
  const parameters = recordOf(data['agent_parameters']);
  const tools = listOf(recordOf(parameters['tools'])['value'] ?? parameters['tools']);
  return tools
    .map(recordOf)
    .filter((tool) => flagOf(tool['enabled'], true))
    .map(
      (tool) =>
        textOf(tool['tool_name']) || textOf(tool['tool_label']) || textOf(tool['provider_name'], 'tool'),
    );
}

function judgeAgent(data: DifyData): Verdict {
  const tools = agentTools(data);
  const strategy = textOf(data['agent_strategy_name']);
  const onDevice = {
    site: 'edge-model',
    reason: 'is written by the local model, without its tools, as understudy.yml says',
  } as const;
  if (tools.length > 0)
    return { ...lead(`calls tools in the cloud: ${tools.slice(0, 5).join(', ')}`), onDevice };
  if (strategy !== '' && !/^(?:function_?call(?:ing)?|react|cot)$/i.test(strategy))
    return { ...lead(`follows the strategy "${strategy}" of a plugin, which runs in the cloud`), onDevice };
  return { site: 'edge-model', reason: 'has no tools and is written by the local model' };
}

function judgeForm(data: DifyData): Verdict {
  const methods = listOf(data['delivery_methods'])
    .map(recordOf)
    .filter((method) => flagOf(method['enabled'], true));
  const types = textsOf(methods.map((method) => textOf(method['type'])));
  const reason = 'asks the visitor with a form';
  if (types.length === 0 || types.some((type) => type === 'webapp')) return edge(reason);
  return {
    ...lead(`asks somebody by ${types.join(', ')}, which the cloud sends`),
    onDevice: { site: 'edge', reason: `${reason}, as understudy.yml says` },
  };
}

/** Id of the node a round of an iteration or loop begins with, in all shapes exports have; null when nothing says it. */
export function entryOf(container: DifyNode, app: Pick<DifyApp, 'nodes' | 'edges'>): string | null {
  const within = app.nodes.filter((node) => node.parent === container.id);
  const named = textOf(container.data['start_node_id']);
  if (within.some((node) => node.id === named)) return named;
  const marker = within.find(({ type }) => type === 'iteration-start' || type === 'loop-start');
  if (marker !== undefined) return marker.id;
  const flagged = within.find(({ data }) => flagOf(data['isIterationStart']) || flagOf(data['isLoopStart']));
  if (flagged !== undefined) return flagged.id;
  const led = new Set(app.edges.map((edge) => edge.target));
  const roots = within.filter((node) => !led.has(node.id));
  const startType = textOf(container.data['startNodeType']);
  const fitting = startType === '' ? roots : roots.filter((node) => node.type === startType);
  const [only, second] = fitting;
  return only !== undefined && second === undefined ? only.id : null;
}
