import type { AppReport, ReportNode } from './app-report.ts';

/** A node as it is drawn. */
export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isContainer: boolean;
}

/** A drawn graph; everything lies between 0 and its size. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Containers before what lies in them. */
  readonly boxes: readonly Box[];
}

const WIDTH = 212;
const HEIGHT = 64;
const GAP_X = 72;
const GAP_Y = 28;
/** Around the nodes of a container; its title stands above them. */
const PADDING = 20;
const HEAD = 30;

type Graph = Pick<AppReport, 'nodes' | 'edges'>;
type Point = { readonly x: number; readonly y: number };

/** Lays a graph out as Dify shows it where the file says so, else in columns from left to right. */
export function layoutGraph(graph: Graph): GraphLayout {
  const within = new Map<string | null, ReportNode[]>();
  for (const node of graph.nodes) within.set(node.parent, [...(within.get(node.parent) ?? []), node]);
  const boxes = layoutWithin(null, within, graph, 0);
  const right = Math.max(0, ...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(0, ...boxes.map((box) => box.y + box.height));
  const margin = PADDING;
  return {
    width: Math.ceil(right + 2 * margin),
    height: Math.ceil(bottom + 2 * margin),
    boxes: boxes.map((box) => ({ ...box, x: box.x + margin, y: box.y + margin })),
  };
}

/** Deepest container that is drawn as one; those within are drawn as plain nodes. */
const MAX_NESTING = 12;

function layoutWithin(
  parent: string | null,
  within: ReadonlyMap<string | null, readonly ReportNode[]>,
  graph: Graph,
  depth: number,
): readonly Box[] {
  const nodes = within.get(parent) ?? [];
  const inner = new Map<string, readonly Box[]>();
  const sizes = new Map<string, { width: number; height: number }>();
  for (const { id } of nodes) {
    const boxes = depth < MAX_NESTING && within.has(id) ? layoutWithin(id, within, graph, depth + 1) : [];
    inner.set(id, boxes);
    const right = Math.max(0, ...boxes.map((box) => box.x + box.width));
    const bottom = Math.max(0, ...boxes.map((box) => box.y + box.height));
    const isEmpty = boxes.length === 0;
    sizes.set(id, {
      width: isEmpty ? WIDTH : Math.max(WIDTH, right + 2 * PADDING),
      height: isEmpty ? HEIGHT : bottom + HEAD + PADDING,
    });
  }
  const places = drawnPlaces(nodes, sizes) ?? columnPlaces(nodes, graph, sizes);
  return nodes.flatMap((node): readonly Box[] => {
    const place = places.get(node.id) ?? { x: 0, y: 0 };
    const size = sizes.get(node.id) ?? { width: WIDTH, height: HEIGHT };
    const boxes = inner.get(node.id) ?? [];
    const own: Box = { id: node.id, ...place, ...size, isContainer: boxes.length > 0 };
    const shifted = boxes.map((box) => ({ ...box, x: box.x + place.x + PADDING, y: box.y + place.y + HEAD }));
    return [own, ...shifted];
  });
}

type Sizes = ReadonlyMap<string, { readonly width: number; readonly height: number }>;

/** Places of the file, moved to begin at 0; null when some are missing, or boxes would lie on each other. */
function drawnPlaces(nodes: readonly ReportNode[], sizes: Sizes): ReadonlyMap<string, Point> | null {
  const points = nodes.flatMap(({ id, position }) => (position === null ? [] : [{ id, ...position }]));
  if (points.length < nodes.length || points.length === 0) return null;
  const left = Math.min(...points.map(({ x }) => x));
  const top = Math.min(...points.map(({ y }) => y));
  const places = points.map(({ id, x, y }) => ({
    id,
    x: x - left,
    y: y - top,
    ...(sizes.get(id) ?? { width: WIDTH, height: HEIGHT }),
  }));
  if (places.some(({ x, y }) => x > 50_000 || y > 50_000)) return null;
  const byX = [...places].sort((a, b) => a.x - b.x);
  const isCrowded = byX.some((one, index) => {
    for (let next = index + 1; next < byX.length; next += 1) {
      const other = byX[next];
      if (other === undefined || other.x >= one.x + one.width) return false;
      if (one.y < other.y + other.height && other.y < one.y + one.height) return true;
    }
    return false;
  });
  return isCrowded ? null : new Map(places.map(({ id, x, y }) => [id, { x, y }]));
}

/** A column for each distance from the start, one below the other in it. */
function columnPlaces(nodes: readonly ReportNode[], graph: Graph, sizes: Sizes): ReadonlyMap<string, Point> {
  const columns = columnsOf(nodes, graph);
  const places = new Map<string, Point>();
  let x = 0;
  for (const column of columns) {
    let y = 0;
    let widest = 0;
    for (const id of column) {
      const { width, height } = sizes.get(id) ?? { width: WIDTH, height: HEIGHT };
      places.set(id, { x, y });
      y += height + GAP_Y;
      widest = Math.max(widest, width);
    }
    x += widest + GAP_X;
  }
  return places;
}

/** The longest way that leads to each node says in which column it stands; the graph has no circles. */
function columnsOf(nodes: readonly ReportNode[], graph: Graph): readonly (readonly string[])[] {
  const ids = new Set(nodes.map((node) => node.id));
  const edges = graph.edges.filter(({ source, target }) => ids.has(source) && ids.has(target));
  const waiting = new Map(nodes.map((node) => [node.id, 0]));
  const out = new Map<string, string[]>();
  for (const { source, target } of edges) {
    waiting.set(target, (waiting.get(target) ?? 0) + 1);
    out.set(source, [...(out.get(source) ?? []), target]);
  }
  const columns: string[][] = [];
  let ready = nodes.filter((node) => waiting.get(node.id) === 0).map((node) => node.id);
  while (ready.length > 0) {
    columns.push(ready);
    const next: string[] = [];
    for (const id of ready) {
      for (const target of out.get(id) ?? []) {
        const left = (waiting.get(target) ?? 0) - 1;
        waiting.set(target, left);
        if (left === 0) next.push(target);
      }
    }
    ready = next;
  }
  return columns;
}
