import { escapeHtml } from '../terminal/escape-html.ts';
import type { AppReport, ReportNode } from './app-report.ts';
import { nameOf } from './describe-report.ts';
import type { Box } from './layout-graph.ts';
import { layoutGraph } from './layout-graph.ts';

/** Characters of a node's name that fit its box. */
const NAME_LENGTH = 26;
/** Characters of an edge's label. */
const LABEL_LENGTH = 18;

/** Draws the graph of a report as SVG; colors come from the classes `site-…` of the page. */
export function drawGraph(report: AppReport): string {
  const { width, height, boxes } = layoutGraph(report);
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const nodes = new Map(report.nodes.map((node) => [node.id, node]));
  const edges = report.edges.map(({ source, label, target }) => {
    const [from, to] = [byId.get(source), byId.get(target)];
    return from === undefined || to === undefined ? '' : drawEdge(from, to, label);
  });
  // Containers first, so that edges and nodes lie on them.
  const drawn = (isContainer: boolean): string =>
    boxes
      .filter((box) => box.isContainer === isContainer)
      .map((box) => drawBox(box, nodes.get(box.id)))
      .join('\n');
  return [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="graph-title graph-text">`,
    '<title id="graph-title">The graph of the app</title>',
    '<desc id="graph-text">The table below lists the same nodes with their site and reason.</desc>',
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>',
    drawn(true),
    edges.join('\n'),
    drawn(false),
    '</svg>',
  ].join('\n');
}

function drawBox(box: Box, node: ReportNode | undefined): string {
  if (node === undefined) return '';
  const { x, y, width, height } = box;
  const name = nameOf(node, node.id);
  const short = name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name;
  const ghost = node.isReachable ? '' : ' ghost';
  const texts = box.isContainer
    ? `<text x="${x + 12}" y="${y + 20}" class="name">${escapeHtml(short)} · ${node.type}</text>`
    : `<text x="${x + 14}" y="${y + 27}" class="name">${escapeHtml(short)}</text><text x="${x + 14}" y="${y + 47}" class="type">${node.type} · ${node.site}</text>`;
  return [
    `<g class="node site-${node.site}${box.isContainer ? ' container' : ''}${ghost}">`,
    `<title>${escapeHtml(`${name}: ${node.site}, ${node.reason}`)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    box.isContainer ? '' : `<rect x="${x}" y="${y}" width="6" height="${height}" rx="3" class="bar"/>`,
    `${texts}</g>`,
  ].join('');
}

function drawEdge(from: Box, to: Box, label: string): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x - 2, to.y + to.height / 2];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  const short = label.length > LABEL_LENGTH ? `${label.slice(0, LABEL_LENGTH - 1)}…` : label;
  const text =
    short === ''
      ? ''
      : `<text x="${(x1 + x2) / 2}" y="${(y1 + y2) / 2 - 5}" class="handle">${escapeHtml(short)}</text>`;
  return `<path d="${path}" class="edge" marker-end="url(#tip)"/>${text}`;
}
