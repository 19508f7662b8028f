import type { LeadConfig } from '../../src/contracts/plan-configs.ts';
import { recordOf, textOf } from './data-fields.ts';
import type { DifyNode, DifyNodeType } from './dify-app.ts';
import type { CompileContext, StepDraft } from './compile-context.ts';
import { settings } from './compile-context.ts';
import { compileBranch, compileClassifier, compileExtractor, compileForm } from './compile-choices.ts';
import { compileIteration, compileLoop } from './compile-containers.ts';
import { compileAgent, compileLlm } from './compile-prompt.ts';
import {
  compileAggregate,
  compileAnswer,
  compileAssign,
  compileCode,
  compileDocument,
  compileEnd,
  compileHttp,
  compileKnowledge,
  compileList,
  compileStart,
  compileTemplate,
  compileTime,
} from './compile-values.ts';
import { toolName } from './decide-sites.ts';
import { originOf } from './judge-request.ts';

type CompileNode = (node: DifyNode, context: CompileContext) => StepDraft;

const marker = (kind: 'round-start' | 'loop-end'): CompileNode => {
  return () => ({ kind, outputs: [], config: {} });
};

/** Types that are refused, and so are never compiled, have no entry. */
const COMPILERS: { readonly [type in DifyNodeType]?: CompileNode } = {
  start: compileStart,
  end: compileEnd,
  answer: compileAnswer,
  llm: compileLlm,
  'knowledge-retrieval': compileKnowledge,
  'question-classifier': compileClassifier,
  'if-else': compileBranch,
  code: compileCode,
  'template-transform': compileTemplate,
  'variable-aggregator': compileAggregate,
  assigner: compileAssign,
  'parameter-extractor': compileExtractor,
  iteration: compileIteration,
  'iteration-start': marker('round-start'),
  loop: compileLoop,
  'loop-start': marker('round-start'),
  'loop-end': marker('loop-end'),
  'list-operator': compileList,
  'document-extractor': compileDocument,
  'http-request': compileHttp,
  tool: compileTime,
  agent: compileAgent,
  'human-input': compileForm,
};

/** Compiles one node by its site: what the device does not run becomes a step that needs the cloud. */
export function compileNode(node: DifyNode, context: CompileContext): StepDraft {
  const site = context.sites.get(node.id)?.site ?? 'refused';
  const compile = site === 'edge' || site === 'edge-model' ? COMPILERS[node.type] : undefined;
  if (compile !== undefined) return compile(node, context);
  const config: LeadConfig = { what: describeLead(node) };
  return { kind: 'lead', outputs: LEAD_OUTPUTS[node.type] ?? [], config: settings(config) };
}

/** Outputs that steps behind may read where the owner gave defaults for a failure. */
const LEAD_OUTPUTS: { readonly [type in DifyNodeType]?: readonly string[] } = {
  tool: ['text', 'files', 'json'],
  agent: ['text', 'files', 'json'],
  'http-request': ['status_code', 'body', 'headers', 'files'],
  llm: ['text'],
};

/** What a step that needs the cloud is, in the owner's words, without anything secret. */
function describeLead(node: DifyNode): string {
  const { data, type, id } = node;
  const title = node.title === '' ? id : node.title;
  if (type === 'tool') return `tool ${toolName(data)}`;
  if (type === 'agent') return `agent "${title}"`;
  if (type !== 'http-request') return `${type} "${title}"`;
  const origin = originOf(textOf(recordOf(data)['url'])) ?? 'an address';
  return `request to ${origin}`;
}
