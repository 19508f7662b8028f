import { isRecord } from '../../src/contracts/json.ts';
import type { SourcePlace } from '../ingest/source-error.ts';
import { suggestName } from '../config/suggest-name.ts';
import type { YamlText } from '../config/read-yaml.ts';
import { flagOf, numberOf, recordOf, textOf } from './data-fields.ts';
import type { DifyData, DifyEdge, DifyNode, DifyNodeType } from './dify-app.ts';
import { DIFY_NODE_TYPES } from './dify-app.ts';
import type { DifyFault } from './dify-error.ts';
import { difyError } from './dify-error.ts';

/** Most nodes of an app; Dify's own engine stops after 500 steps. */
const MAX_NODES = 1500;
/** Most edges of an app. */
const MAX_EDGES = 10_000;

/** Nodes and edges as they were read, with what is wrong with them. */
export interface ReadGraph {
  readonly nodes: readonly DifyNode[];
  readonly edges: readonly DifyEdge[];
  readonly faults: readonly DifyFault[];
}

/**
 * Reads `workflow.graph`: nodes of all versions' shapes without notes, and edges between them.
 * @throws UnderstudyError `dify/invalid` when there is no graph.
 */
export function readGraph(yaml: YamlText): ReadGraph {
  const workflow = recordOf(recordOf(yaml.value)['workflow']);
  const graph = workflow['graph'];
  if (!isRecord(graph)) {
    const where = 'nodes' in workflow ? '; "nodes" must lie in "workflow.graph", as Dify exports them' : '';
    throw difyError('dify/invalid', yaml.placeOf(['workflow']), `the workflow has no "graph"${where}`);
  }
  const faults: DifyFault[] = [];
  const lists = (['nodes', 'edges'] as const).map((key): readonly unknown[] => {
    const list = graph[key] ?? [];
    if (!Array.isArray(list))
      throw difyError('dify/invalid', yaml.placeOf(['workflow', 'graph', key]), `"${key}" is no list`);
    const most = key === 'nodes' ? MAX_NODES : MAX_EDGES;
    if (list.length > most)
      throw difyError(
        'dify/invalid',
        yaml.placeOf(['workflow', 'graph', key]),
        `there are ${list.length} ${key}, more than ${most}`,
      );
    return list;
  });
  const [rawNodes = [], rawEdges = []] = lists;
  /** Ids of notes, and of nodes that are told as faults already. */
  const others = new Set<string>();
  const nodes = readNodes(rawNodes, yaml, others, faults);
  const edges = readEdges(rawEdges, yaml, new Map(nodes.map((node) => [node.id, node])), others, faults);
  return { nodes, edges, faults };
}

function readNodes(
  list: readonly unknown[],
  yaml: YamlText,
  others: Set<string>,
  faults: DifyFault[],
): readonly DifyNode[] {
  const nodes: DifyNode[] = [];
  const places = new Map<string, SourcePlace>();
  for (const [index, raw] of list.entries()) {
    const path = ['workflow', 'graph', 'nodes', index];
    const place = yaml.placeOf(path);
    const fault = (what: string, ...rest: readonly string[]): void => {
      faults.push({ place: yaml.placeOf([...path, ...rest]), what });
    };
    if (!isRecord(raw)) {
      fault('the node is no map of keys');
      continue;
    }
    const id = textOf(raw['id']).trim();
    if (id === '') {
      fault('the node has no "id"');
      continue;
    }
    const before = places.get(id);
    if (before !== undefined) {
      fault(`there are two nodes with the id "${id}"; the first stands in line ${before.line ?? 0}`, 'id');
      continue;
    }
    places.set(id, place);
    if (isNote(raw)) {
      others.add(id);
      continue;
    }
    const data = 'data' in raw && isRecord(raw['data']) ? raw['data'] : null;
    if (data === null) {
      others.add(id);
      fault(`node "${id}" has no "data"`);
      continue;
    }
    const type = nodeType(raw, data);
    if (typeof type !== 'string') {
      others.add(id);
      const close = suggestName(type.unknown, DIFY_NODE_TYPES);
      const hint = close === null ? '' : `; did you mean "${close}"?`;
      fault(
        type.unknown === ''
          ? `node "${id}" has no type`
          : `node "${id}" is of type "${type.unknown}", which no version up to 0.6.0 has${hint}`,
        'data',
        'type',
      );
      continue;
    }
    nodes.push({
      id,
      type,
      title: textOf(data['title']) || textOf(raw['title']),
      data,
      parent: parentOf(raw, data, id),
      place,
      placeOf: (...rest) => yaml.placeOf([...path, 'data', ...rest]),
      needsCloud: null,
      position: positionOf(raw['position']),
    });
  }
  return nodes;
}

function isNote(raw: DifyData): boolean {
  const type = textOf(raw['type']);
  return type === 'custom-note' || type === 'note' || textOf(recordOf(raw['data'])['type']) === 'note';
}

/** The type by its name of today; the assigner of version 1 and the aggregator once had the same name. */
function nodeType(raw: DifyData, data: DifyData): DifyNodeType | { readonly unknown: string } {
  const outer = textOf(raw['type']);
  const name = textOf(data['type']) || outer.replace(/^custom-(?=(?:iteration|loop)-)/, '');
  if (name === 'variable-assigner' || name === 'variable-aggregator')
    return 'assigned_variable_selector' in data ? 'assigner' : 'variable-aggregator';
  return DIFY_NODE_TYPES.find((known) => known === name) ?? { unknown: name === 'custom' ? '' : name };
}

function parentOf(raw: DifyData, data: DifyData, id: string): string | null {
  const named = textOf(raw['parentId']);
  if (named !== '') return named;
  for (const [flag, key] of [
    ['isInLoop', 'loop_id'],
    ['isInIteration', 'iteration_id'],
  ] as const) {
    const parent = textOf(data[key]);
    if (parent !== '' && parent !== id && flagOf(data[flag])) return parent;
  }
  return null;
}

function positionOf(value: unknown): DifyNode['position'] {
  const { x, y } = recordOf(value);
  const [left, top] = [numberOf(x), numberOf(y)];
  return left === null || top === null ? null : { x: left, y: top };
}

function readEdges(
  list: readonly unknown[],
  yaml: YamlText,
  nodes: ReadonlyMap<string, DifyNode>,
  others: ReadonlySet<string>,
  faults: DifyFault[],
): readonly DifyEdge[] {
  const edges: DifyEdge[] = [];
  const seen = new Set<string>();
  for (const [index, value] of list.entries()) {
    const path = ['workflow', 'graph', 'edges', index];
    const place = yaml.placeOf(path);
    const raw = recordOf(value);
    const [source, target] = [textOf(raw['source']), textOf(raw['target'])];
    if (source === '' || target === '') {
      faults.push({ place, what: 'the edge has no "source" or no "target"' });
      continue;
    }
    if (others.has(source) || others.has(target)) continue;
    const missing = (
      [
        ['source', source],
        ['target', target],
      ] as const
    ).find(([, id]) => !nodes.has(id));
    if (missing !== undefined) {
      const [end, id] = missing;
      const what = `the edge ${end === 'source' ? 'comes from' : 'leads to'} "${id}", and there is no such node`;
      faults.push({ place: yaml.placeOf([...path, end]), what });
      continue;
    }
    const handle = textOf(raw['sourceHandle']) || 'source';
    const key = JSON.stringify([source, handle, target]);
    if (seen.has(key)) continue;
    seen.add(key);
    if (source === target) {
      faults.push({ place, what: `node "${source}" leads to itself` });
      continue;
    }
    const [from, to] = [nodes.get(source)?.parent ?? null, nodes.get(target)?.parent ?? null];
    if (from === to) {
      edges.push({ source, handle, target, place });
      continue;
    }
    // Old editors drew edges between a container and its own first or last node; they say nothing new.
    if (to === source || from === target) continue;
    faults.push({
      place,
      what: `the edge from "${source}" to "${target}" leads ${to === null ? 'out of' : 'into'} "${to ?? from ?? ''}"; only the container itself may be joined to what is around it`,
    });
  }
  return edges;
}
