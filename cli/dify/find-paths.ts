import { flagOf, listOf, numberOf, recordOf, textOf } from './data-fields.ts';
import type { NodeSite } from './decide-sites.ts';
import { entryOf } from './decide-sites.ts';
import type { DifyApp, DifyEdge, DifyNode } from './dify-app.ts';
import { casesOf, classesOf } from './find-broken-settings.ts';

/** Most paths that are listed; the verdict is exact whatever their number. */
export const MAX_PATHS = 64;

/** Handle of an iteration that finds nothing to go through. */
const EMPTY = 'empty';

/** What a branch does on a path. */
export interface PathChoice {
  readonly node: string;
  /** Handle of the edge that is taken. */
  readonly handle: string;
  /** The handle in words: `IF`, the name of a class, the label of a button. */
  readonly label: string;
}

/** One way through an app: what its branches choose, and what comes of it on the device. */
export interface FlowPath {
  readonly choices: readonly PathChoice[];
  /** Ids of the answers and ends it reaches, in order. */
  readonly ends: readonly string[];
  /** Whether it completes on the device. */
  readonly isWhole: boolean;
  /** Ids of the nodes that keep it from completing. */
  readonly blockedBy: readonly string[];
}

/** How much of an app runs on the device: all of it, some whole paths, or none. */
export type Coverage = 'whole' | 'partial' | 'none';

/** What {@link findPaths} found. */
export interface PathAnalysis {
  readonly coverage: Coverage;
  readonly paths: readonly FlowPath[];
  /** Whether there are more paths than are listed. */
  readonly isTruncated: boolean;
  /** Ids of the nodes that some run reaches. */
  readonly reachable: ReadonlySet<string>;
}

/**
 * Follows every way from the start to an answer or end, and says which complete on the device.
 *
 * A run takes all edges of a node, and those of the chosen handle of a branch; it completes when every node it takes runs on the
 * device, or fails in a way the flow provides for. A container completes when some way through its round does. Whether there is a
 * whole path is reckoned from the ends backwards, in time linear in the edges; only the list of paths is cut off.
 */
export function findPaths(app: DifyApp, sites: ReadonlyMap<string, NodeSite>): PathAnalysis {
  const graph = new FlowGraph(app, sites);
  const reachable = graph.reachable(app.start);
  const isAllEdge = [...reachable].every((id) => graph.runsHere(id));
  const hasWhole = graph.best(app.start) === 'reaches';
  const { paths, isTruncated } = listPaths(graph, app.start);
  const coverage = !hasWhole ? 'none' : isAllEdge ? 'whole' : 'partial';
  return { coverage, paths, isTruncated, reachable };
}

/** What is the best that can come of a node: its run reaches an end, completes without one, or is blocked. */
type Outcome = 'reaches' | 'ends' | 'blocked';

interface Way {
  readonly handle: string;
  readonly label: string;
  readonly targets: readonly string[];
}

class FlowGraph {
  readonly #app: DifyApp;
  readonly #sites: ReadonlyMap<string, NodeSite>;
  readonly #nodes: ReadonlyMap<string, DifyNode>;
  readonly #out = new Map<string, DifyEdge[]>();
  readonly #best = new Map<string, Outcome>();
  readonly #ways = new Map<string, readonly Way[]>();

  constructor(app: DifyApp, sites: ReadonlyMap<string, NodeSite>) {
    this.#app = app;
    this.#sites = sites;
    this.#nodes = new Map(app.nodes.map((node) => [node.id, node]));
    for (const edge of app.edges) {
      const list = this.#out.get(edge.source);
      if (list === undefined) this.#out.set(edge.source, [edge]);
      else list.push(edge);
    }
  }

  isEnd(id: string): boolean {
    const type = this.#nodes.get(id)?.type;
    return type === 'answer' || type === 'end';
  }

  /** Whether the node itself runs on the device; a container does when the best way through its round completes. */
  runsHere(id: string): boolean {
    const site = this.#sites.get(id)?.site;
    return site === 'edge' || site === 'edge-model';
  }

  /** Whether a run that takes the node on this way can go on: it runs here, or the flow says what happens when it fails. */
  completes(id: string, handle: string): boolean {
    if (handle === 'fail-branch') return true;
    if (this.runsHere(id) && (handle === EMPTY || !this.#isRoundBlocked(id))) return true;
    return textOf(this.#nodes.get(id)?.data['error_strategy']) === 'default-value';
  }

  #entryOf(id: string): string | null {
    const node = this.#nodes.get(id);
    return node !== undefined && isContainer(node) ? entryOf(node, this.#app) : null;
  }

  #isRoundBlocked(id: string): boolean {
    const entry = this.#entryOf(id);
    return entry !== null && this.best(entry) === 'blocked';
  }

  /** Answers and ends that a node is, or that a round of it may come to. */
  endsOf(id: string, handle: string): readonly string[] {
    if (this.isEnd(id)) return [id];
    const entry = handle === EMPTY ? null : this.#entryOf(id);
    return entry === null ? [] : [...this.reachable(entry)].filter((inner) => this.isEnd(inner));
  }

  /** The ways out of a node, with all edges of each. */
  ways(id: string): readonly Way[] {
    const known = this.#ways.get(id);
    if (known !== undefined) return known;
    const node = this.#nodes.get(id);
    // The end of a loop leads nowhere, whatever was drawn.
    const edges = node?.type === 'loop-end' ? [] : (this.#out.get(id) ?? []);
    const targets = (handle: string): string[] =>
      edges.filter((edge) => edge.handle === handle).map((edge) => edge.target);
    const ways: Way[] = [];
    const add = (handle: string, label: string): void => {
      ways.push({ handle, label, targets: targets(handle) });
    };
    const outcomes = node === undefined ? [] : outcomesOf(node);
    for (const [handle, label] of outcomes) add(handle, label);
    if (outcomes.length === 0) {
      // A node that does not branch takes all its edges but that of its failure.
      const rest = edges.filter((edge) => edge.handle !== 'fail-branch').map((edge) => edge.target);
      // An iteration whose rounds need the cloud still completes where there is nothing to go through.
      const isEmptyWhole = node?.type === 'iteration' && this.runsHere(id) && this.#isRoundBlocked(id);
      ways.push({ handle: 'source', label: isEmptyWhole ? 'with elements' : '', targets: rest });
      if (isEmptyWhole) ways.push({ handle: EMPTY, label: 'with an empty list', targets: rest });
    }
    if (node !== undefined && textOf(node.data['error_strategy']) === 'fail-branch')
      add('fail-branch', 'failed');
    this.#ways.set(id, ways);
    return ways;
  }

  /** The best that can come of a run from here on; reckoned without recursion, for long chains. */
  best(from: string): Outcome {
    const stack = [from];
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      if (this.#best.has(id)) {
        stack.pop();
        continue;
      }
      const waiting = this.#needed(id).filter((next) => !this.#best.has(next));
      if (waiting.length > 0) {
        stack.push(...waiting);
        continue;
      }
      this.#best.set(id, this.#reckon(id));
      stack.pop();
    }
    return this.#best.get(from) ?? 'blocked';
  }

  #needed(id: string): readonly string[] {
    const entry = this.#entryOf(id);
    const targets = this.ways(id).flatMap((way) => way.targets);
    return entry === null ? targets : [...targets, entry];
  }

  #reckon(id: string): Outcome {
    let best: Outcome = 'blocked';
    for (const way of this.ways(id)) {
      if (!this.completes(id, way.handle)) continue;
      const after = way.targets.map((target) => this.#best.get(target) ?? 'blocked');
      if (after.includes('blocked')) continue;
      if (after.includes('reaches') || this.#reachesEndItself(id, way.handle)) return 'reaches';
      best = 'ends';
    }
    return best;
  }

  #reachesEndItself(id: string, handle: string): boolean {
    if (this.isEnd(id)) return true;
    const entry = handle === EMPTY ? null : this.#entryOf(id);
    return entry !== null && this.#best.get(entry) === 'reaches';
  }

  /** All nodes some run may take, within containers too. */
  reachable(from: string): ReadonlySet<string> {
    const seen = new Set<string>();
    const open = [from];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      open.push(...this.#needed(id));
    }
    return seen;
  }

  /** The nodes one run takes, in an order in which what leads comes before what follows, up to branches without a choice. */
  follow(
    from: string,
    choices: ReadonlyMap<string, string>,
  ): { readonly taken: readonly string[]; readonly open: string | null } {
    const taken: string[] = [];
    const seen = new Set<string>([from]);
    const queue = [from];
    let open: string | null = null;
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      taken.push(id);
      const ways = this.ways(id);
      const chosen = ways.length === 1 ? ways[0] : ways.find((way) => way.handle === choices.get(id));
      if (chosen === undefined) {
        open ??= id;
        continue;
      }
      for (const target of chosen.targets) {
        if (seen.has(target)) continue;
        seen.add(target);
        queue.push(target);
      }
    }
    return { taken, open };
  }
}

/** Handles of a node that branches, with words for them; empty for one that does not. */
export function outcomesOf(node: DifyNode): readonly (readonly [handle: string, label: string])[] {
  const { data } = node;
  if (node.type === 'if-else') {
    const cases = casesOf(data).map((entry, index): readonly [string, string] => [
      textOf(entry['case_id']) || textOf(entry['id']),
      index === 0 ? 'IF' : `ELIF ${index}`,
    ]);
    return [...cases, ['false', 'ELSE']];
  }
  if (node.type === 'question-classifier') return classesOf(data).map(({ id, name }) => [id, name || id]);
  if (node.type !== 'human-input') return [];
  const actions = listOf(data['user_actions'])
    .map(recordOf)
    .map((action): readonly [string, string] => [
      textOf(action['id']),
      textOf(action['title']) || textOf(action['id']),
    ])
    .filter(([id]) => id !== '');
  const expires = numberOf(data['timeout']) !== null || flagOf(data['timeout']);
  return expires && actions.length > 0 ? [...actions, ['__timeout', 'time ran out']] : actions;
}

function isContainer(node: DifyNode): boolean {
  return node.type === 'iteration' || node.type === 'loop';
}

/** Lists paths by trying every choice of each branch a run comes to, depth first, up to the limit. */
function listPaths(
  graph: FlowGraph,
  start: string,
): { readonly paths: readonly FlowPath[]; readonly isTruncated: boolean } {
  const paths: FlowPath[] = [];
  const stack: (readonly PathChoice[])[] = [[]];
  for (let choices = stack.pop(); choices !== undefined; choices = stack.pop()) {
    if (paths.length >= MAX_PATHS) return { paths, isTruncated: true };
    const chosen = new Map(choices.map(({ node, handle }) => [node, handle]));
    const { taken, open } = graph.follow(start, chosen);
    if (open === null) {
      paths.push(pathOf(graph, choices, chosen, taken));
      continue;
    }
    const made = choices;
    const next = graph.ways(open).map(({ handle, label }) => [...made, { node: open, handle, label }]);
    stack.push(...next.reverse());
  }
  return { paths, isTruncated: false };
}

function pathOf(
  graph: FlowGraph,
  choices: readonly PathChoice[],
  chosen: ReadonlyMap<string, string>,
  taken: readonly string[],
): FlowPath {
  const ends = taken.flatMap((id) => graph.endsOf(id, chosen.get(id) ?? 'source'));
  const blockedBy = taken.filter((id) => !graph.completes(id, chosen.get(id) ?? 'source'));
  return { choices, ends, isWhole: blockedBy.length === 0 && ends.length > 0, blockedBy };
}
