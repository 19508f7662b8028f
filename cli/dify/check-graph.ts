import type { DifyEdge, DifyNode } from './dify-app.ts';
import type { DifyFault } from './dify-error.ts';

/** Says what is wrong with a graph as a whole: containers that are none, steps in a circle, no or two starts. */
export function checkGraph(nodes: readonly DifyNode[], edges: readonly DifyEdge[]): readonly DifyFault[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return [...parentFaults(nodes, byId), ...circleFaults(nodes, edges), ...startFaults(nodes)];
}

function parentFaults(nodes: readonly DifyNode[], byId: ReadonlyMap<string, DifyNode>): DifyFault[] {
  const faults: DifyFault[] = [];
  for (const node of nodes) {
    if (node.parent === null) continue;
    const parent = byId.get(node.parent);
    if (parent === undefined) {
      faults.push({
        place: node.place,
        what: `node "${node.id}" lies in "${node.parent}", and there is no such node`,
      });
    } else if (parent.type !== 'iteration' && parent.type !== 'loop') {
      const what = `node "${node.id}" lies in "${parent.id}", which is no iteration or loop but of type "${parent.type}"`;
      faults.push({ place: node.place, what });
    } else if (liesInItself(node, byId)) {
      faults.push({ place: node.place, what: `node "${node.id}" lies in itself` });
    }
  }
  return faults;
}

function liesInItself(node: DifyNode, byId: ReadonlyMap<string, DifyNode>): boolean {
  const seen = new Set<string>();
  for (let id = node.parent; id !== null; id = byId.get(id)?.parent ?? null) {
    if (id === node.id) return true;
    if (seen.has(id)) return false;
    seen.add(id);
  }
  return false;
}

/** Removes what nothing leads to until nothing is left; what stays lies on, or behind, a circle. */
function circleFaults(nodes: readonly DifyNode[], edges: readonly DifyEdge[]): DifyFault[] {
  const waiting = new Map(nodes.map((node) => [node.id, 0]));
  const out = new Map<string, DifyEdge[]>();
  for (const edge of edges) {
    waiting.set(edge.target, (waiting.get(edge.target) ?? 0) + 1);
    const list = out.get(edge.source);
    if (list === undefined) out.set(edge.source, [edge]);
    else list.push(edge);
  }
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  const left = new Set(waiting.keys());
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    left.delete(id);
    for (const { target } of out.get(id) ?? []) {
      const count = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, count);
      if (count === 0) ready.push(target);
    }
  }
  const circle = findCircle(left, edges);
  const [first] = circle;
  if (first === undefined) return [];
  const ids = [...circle.map((edge) => edge.source), first.source];
  const shown = ids.length > 8 ? [...ids.slice(0, 7), '…', first.source] : ids;
  return [
    { place: first.place, what: `the nodes lead in a circle: ${shown.map((id) => `"${id}"`).join(' → ')}` },
  ];
}

/** Walks back from any node that is left: each has one before it that is left too, so the walk closes. */
function findCircle(left: ReadonlySet<string>, edges: readonly DifyEdge[]): readonly DifyEdge[] {
  const into = new Map<string, DifyEdge>();
  for (const edge of edges) if (left.has(edge.source) && left.has(edge.target)) into.set(edge.target, edge);
  const [start] = into.keys();
  const seen = new Map<string, number>();
  const walked: DifyEdge[] = [];
  for (let id = start; id !== undefined;) {
    const at = seen.get(id);
    if (at !== undefined) return walked.slice(at).reverse();
    seen.set(id, walked.length);
    const edge = into.get(id);
    if (edge === undefined) return [];
    walked.push(edge);
    id = edge.source;
  }
  return [];
}

function startFaults(nodes: readonly DifyNode[]): DifyFault[] {
  const starts = nodes.filter((node) => node.type === 'start');
  const [first, second] = starts;
  if (first !== undefined && first.parent !== null)
    return [{ place: first.place, what: `the start node "${first.id}" lies in "${first.parent}"` }];
  if (second === undefined) return [];
  return [
    { place: second.place, what: `there are two start nodes, "${first?.id ?? ''}" and "${second.id}"` },
  ];
}
