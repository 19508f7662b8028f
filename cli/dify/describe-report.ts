import type { AppReport, ReportNode } from './app-report.ts';
import type { Coverage, FlowPath } from './find-paths.ts';

/** Paths shown in a terminal; `--json` lists all that were followed. */
const SHOWN_PATHS = 12;

/** How much of the app runs on the device, in one sentence. */
export function describeCoverage({ coverage, paths, isTruncated }: AppReport): string {
  const whole = paths.filter((path) => path.isWhole).length;
  const count = `${isTruncated ? `${whole} of the first` : `${whole} of`} ${paths.length} ${paths.length === 1 ? 'path' : 'paths'}`;
  const words: { readonly [name in Coverage]: string } = {
    whole: `runs wholly on the device: ${count} complete without the cloud`,
    partial: `runs partly on the device: ${count} complete without the cloud`,
    none: `needs the cloud: no path completes on the device`,
  };
  return words[coverage];
}

/** A path in one line: what its branches choose, and where it ends or what keeps it from ending. */
export function describePath(path: FlowPath, report: AppReport): string {
  const nodes = new Map(report.nodes.map((node) => [node.id, node]));
  const name = (id: string): string => nameOf(nodes.get(id), id);
  const way = path.choices.map(
    ({ node, label, handle }) => `${name(node)}: ${label === '' ? handle : label}`,
  );
  const through = way.length === 0 ? '' : `${way.join(', ')} → `;
  if (path.blockedBy.length > 0)
    return `${through}needs the cloud for ${[...new Set(path.blockedBy.map(name))].join(', ')}`;
  return path.ends.length === 0
    ? `${through}ends without an answer`
    : `${through}${path.ends.map(name).join(', ')}`;
}

/** The name of a node for people: its title, else its id. */
export function nameOf(node: Pick<ReportNode, 'title' | 'id'> | undefined, id: string): string {
  return node === undefined || node.title === '' ? id : node.title;
}

/** Writes a report as lines for a terminal. */
export function describeReport(report: AppReport): readonly string[] {
  const { app, sites, nodes, file } = report;
  const widths = [
    Math.max(...nodes.map((node) => node.site.length)),
    Math.min(28, Math.max(...nodes.map((node) => cellsOf(nameOf(node, node.id))))),
    Math.max(...nodes.map((node) => node.type.length)),
  ];
  const [siteWidth = 0, nameWidth = 0, typeWidth = 0] = widths;
  return [
    `${app.name} (${app.mode}, DSL ${report.dslVersion}) ${describeCoverage(report)}`,
    `nodes  ${sites.edge} edge, ${sites['edge-model']} edge-model, ${sites.lead} lead, ${sites.refused} refused`,
    ...nodes.map((node) => {
      const title = fit(nameOf(node, node.id), nameWidth);
      const unreached = node.isReachable ? '' : ' (no run comes to it)';
      const inner = node.parent === null ? '' : '· ';
      return `  ${node.site.padEnd(siteWidth)}  ${node.type.padEnd(typeWidth)}  ${title}  ${inner}${node.reason}${unreached} [${file}:${node.line}]`;
    }),
    ...section('paths', describePaths(report)),
    ...section(
      'missing',
      report.missing.flatMap(({ kind, id, what, command }) => [
        `${kind}${id === '' ? '' : ` ${id}`}: ${what}`,
        ...(command === null ? [] : [`    ${command}`]),
      ]),
    ),
    ...section(
      'left out, because everything in a bundle is public',
      report.leftOut.map((note) => noteLine(note, report)),
    ),
    ...section(
      'remarks',
      report.remarks.map((note) => noteLine(note, report)),
    ),
  ];
}

function describePaths(report: AppReport): readonly string[] {
  const lines = report.paths
    .slice(0, SHOWN_PATHS)
    .map((path) => `${pathState(path)}  ${describePath(path, report)}`);
  const more = report.paths.length - SHOWN_PATHS;
  if (more > 0) lines.push(`and ${more}${report.isTruncated ? ' or more' : ''} others; --json lists them`);
  return lines;
}

/** What comes of a path, in one word. */
export function pathState(path: FlowPath): 'whole  ' | 'empty  ' | 'blocked' {
  if (path.blockedBy.length > 0) return 'blocked';
  return path.isWhole ? 'whole  ' : 'empty  ';
}

function noteLine(note: AppReport['remarks'][number], { file, nodes }: AppReport): string {
  const node =
    note.node === null
      ? ''
      : `${nameOf(
          nodes.find(({ id }) => id === note.node),
          note.node,
        )}: `;
  return `${file}:${note.line}:${note.column}: ${node}${note.what}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

/** Cells of a terminal that a text takes: East Asian characters and emoji take two. */
function cellsOf(text: string): number {
  let cells = 0;
  for (const character of text)
    cells +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
        character,
      )
        ? 2
        : 1;
  return cells;
}

function fit(text: string, cells: number): string {
  let short = text;
  if (cellsOf(text) > cells) {
    short = '';
    for (const character of text) {
      if (cellsOf(short + character) >= cells) break;
      short += character;
    }
    short += '…';
  }
  return short + ' '.repeat(Math.max(0, cells - cellsOf(short)));
}
