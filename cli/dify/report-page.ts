import { escapeHtml } from '../terminal/escape-html.ts';
import type { AppReport, ReportNote } from './app-report.ts';
import { describeCoverage, describePath, nameOf, pathState } from './describe-report.ts';
import { drawGraph } from './draw-graph.ts';

const STYLE = `
:root { color-scheme: light dark; --page: #fff; --text: #1b1f24; --dim: #57606a; --line: #d0d7de; --card: #f6f8fa;
  --edge: #1a7f37; --edge-model: #0969da; --lead: #9a6700; --refused: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --text: #e6edf3; --dim: #9198a1; --line: #3d444d; --card: #161b22;
  --edge: #3fb950; --edge-model: #58a6ff; --lead: #d29922; --refused: #ff7b72; } }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; } .dim { color: var(--dim); }
.graph { overflow: auto; max-height: 80vh; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: start; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; font-size: .875em; background: var(--card); padding: .1rem .3rem; border-radius: .25rem; overflow-wrap: anywhere; }
ul { padding-inline-start: 1.25rem; } .mark { font-weight: 600; white-space: nowrap; }
.edge-site { color: var(--edge); } .edge-model-site { color: var(--edge-model); } .lead-site { color: var(--lead); } .refused-site { color: var(--refused); }
svg { display: block; font: 13px system-ui, sans-serif; } svg text { fill: var(--text); } svg .type, svg .handle { fill: var(--dim); font-size: 11px; }
svg .handle { text-anchor: middle; paint-order: stroke; stroke: var(--card); stroke-width: 4px; } svg .name { font-weight: 600; }
.node rect { fill: var(--page); stroke: var(--line); } .container rect { fill: none; stroke-dasharray: 6 4; }
.site-edge rect { stroke: var(--edge); } .site-edge .bar { fill: var(--edge); }
.site-edge-model rect { stroke: var(--edge-model); } .site-edge-model .bar { fill: var(--edge-model); }
.site-lead rect { stroke: var(--lead); stroke-width: 2; } .site-lead .bar { fill: var(--lead); }
.site-refused rect { stroke: var(--refused); stroke-width: 2; } .site-refused .bar { fill: var(--refused); }
.ghost { opacity: .45; } path.edge { fill: none; stroke: var(--dim); stroke-width: 1.5; } .tip { fill: var(--dim); }
`;

const LEGEND = [
  ['edge', 'runs as it is'],
  ['edge-model', 'runs with the local model'],
  ['lead', 'needs the cloud'],
  ['refused', 'is not compiled'],
] as const;

/** Writes a report as one page, with the graph drawn and the same as a table; needs no script and nothing from elsewhere. */
export function reportPage(report: AppReport): string {
  const { app, nodes, file } = report;
  const name = escapeHtml(app.name);
  const title = (id: string): string =>
    escapeHtml(
      nameOf(
        nodes.find((node) => node.id === id),
        id,
      ),
    );
  const note = (entry: ReportNote): string =>
    `<li>${entry.node === null ? '' : `<b>${title(entry.node)}</b>: `}${escapeHtml(entry.what)} <span class="dim">line ${entry.line}</span></li>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name} – what runs where</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${name}</h1>
<p class="dim">${escapeHtml(file)} · ${app.mode} · DSL ${escapeHtml(report.dslVersion)}</p>
<p><strong>It ${escapeHtml(describeCoverage(report))}.</strong></p>
<h2>Graph</h2>
<p>${LEGEND.map(([site, words]) => `<span class="mark ${site}-site">■ ${site}</span> ${words}`).join(' · ')}</p>
<div class="graph" tabindex="0" role="region" aria-label="Graph of the app">
${drawGraph(report)}
</div>
<h2>Nodes</h2>
<table>
<thead><tr><th scope="col">Node</th><th scope="col">Type</th><th scope="col">Site</th><th scope="col">Why</th><th scope="col">Line</th></tr></thead>
<tbody>
${nodes
  .map(
    (node) =>
      `<tr><th scope="row">${title(node.id)}<br><span class="dim">${escapeHtml(node.id)}${node.parent === null ? '' : ` in ${title(node.parent)}`}</span></th><td>${node.type}</td><td class="mark ${node.site}-site">${node.site}</td><td>${escapeHtml(node.reason)}${node.isReachable ? '' : ' (no run comes to it)'}</td><td>${node.line}</td></tr>`,
  )
  .join('\n')}
</tbody>
</table>
<h2>Paths</h2>
${report.isTruncated ? `<p class="dim">The first ${report.paths.length} of more.</p>` : ''}
<ul>
${report.paths.map((path) => `<li><span class="mark ${path.isWhole ? 'edge' : 'lead'}-site">${pathState(path).trim()}</span> ${escapeHtml(describePath(path, report))}</li>`).join('\n')}
</ul>
${list(
  'Missing',
  report.missing.map(
    ({ kind, id, what, command }) =>
      `<li><b>${kind}</b> <code>${escapeHtml(id)}</code> ${escapeHtml(what)}${command === null ? '' : `<br><code>${escapeHtml(command)}</code>`}</li>`,
  ),
)}
${list('Left out, because everything in a bundle is public', report.leftOut.map(note))}
${list('Remarks', report.remarks.map(note))}
</main>
</body>
</html>
`;
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `<h2>${title}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
}
