import type { StepKind } from '../../../src/contracts/plan.ts';

/** Dify's names for kinds of steps. */
const NODE_TYPES: { readonly [Kind in StepKind]?: string } = {
  output: 'end',
  knowledge: 'knowledge-retrieval',
  branch: 'if-else',
  template: 'template-transform',
  aggregate: 'variable-aggregator',
  assign: 'assigner',
  'extract-parameters': 'parameter-extractor',
  iterate: 'iteration',
  'round-start': 'iteration-start',
  list: 'list-operator',
  'extract-document': 'document-extractor',
  http: 'http-request',
  form: 'human-input',
  time: 'tool',
  lead: 'tool',
  classify: 'question-classifier',
  retrieve: 'knowledge-retrieval',
  compose: 'llm',
  reply: 'answer',
  handoff: 'answer',
};

/** Dify's name for a kind of step; the kind itself where both have the same. */
export function nodeType(kind: string): string {
  return new Map<string, string>(Object.entries(NODE_TYPES)).get(kind) ?? kind;
}
