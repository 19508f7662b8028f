import type { Passage } from '../../src/contracts/passage.ts';
import { escapeHtml } from '../terminal/escape-html.ts';
import { matchTerms } from './matched-terms.ts';

/** Rows of name and value under a heading. */
export interface FigureTable {
  readonly heading: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const STYLE = `
:root { color-scheme: light dark; --page: #fff; --text: #1b1f24; --dim: #57606a; --line: #d0d7de; --card: #f6f8fa; --wrong: #cf222e; --right: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --text: #e6edf3; --dim: #9198a1; --line: #3d444d; --card: #161b22; --wrong: #ff7b72; --right: #3fb950; } }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 0; }
.dim { color: var(--dim); } .wrong { color: var(--wrong); } .right { color: var(--right); }
table { border-collapse: collapse; } th, td { text-align: start; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td { font-variant-numeric: tabular-nums; } .scroll { overflow-x: auto; }
article { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; margin: .75rem 0; }
article p { margin: .25rem 0; } .sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: .75rem; margin-top: .5rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card); border-radius: .25rem; padding: .5rem .6rem; font-size: .875rem; max-height: 22rem; overflow: auto; }
details { margin: .5rem 0; } summary { cursor: pointer; }
`;

/** Makes a report as one HTML page without scripts; `body` is HTML. */
export function evaluationPage(title: string, tables: readonly FigureTable[], body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${tables.map(tableHtml).join('\n')}
${body}
</main>
</body>
</html>
`;
}

function tableHtml({ heading, columns, rows }: FigureTable): string {
  const cells = (row: readonly string[], tag: 'td' | 'th'): string =>
    row
      .map((cell, at) =>
        at === 0 ? `<th scope="row">${escapeHtml(cell)}</th>` : `<${tag}>${escapeHtml(cell)}</${tag}>`,
      )
      .join('');
  const head =
    columns.length === 0
      ? ''
      : `<thead><tr>${columns.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('')}</tr></thead>`;
  return `<h2>${escapeHtml(heading)}</h2>
<div class="scroll"><table>${head}<tbody>
${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}
</tbody></table></div>`;
}

/** Shows a passage with the words of a question that it has and lacks; HTML. */
export function passageHtml(label: string, passage: Passage, question: string, language: string): string {
  const { matched, lacking } = matchTerms(question, language, passage);
  const place = [passage.title, ...passage.headings].filter((part) => part !== '').join(' › ');
  return `<div><h4>${escapeHtml(label)}</h4>
<p class="dim">${escapeHtml(place === '' ? passage.id : `${place} (${passage.id})`)}</p>
<div class="text">${escapeHtml(passage.text)}</div>
<p>has: ${escapeHtml(wordList(matched))} · lacks: ${escapeHtml(wordList(lacking))}</p></div>`;
}

function wordList(words: readonly string[]): string {
  return words.length === 0 ? '–' : words.join(', ');
}
