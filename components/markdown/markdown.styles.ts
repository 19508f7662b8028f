import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Styles of drawn Markdown, inside an element with the class `markdown`. */
export const markdownStyles: CSSResult = css`
  .markdown {
    overflow-wrap: anywhere;
  }
  .markdown > * {
    margin-block: 0 0.65em;
  }
  .markdown > :last-child {
    margin-block-end: 0;
  }
  .markdown .heading {
    margin-block-start: 0.9em;
  }
  .markdown > .heading:first-child {
    margin-block-start: 0;
  }
  .markdown blockquote {
    margin-inline: 0;
    padding-inline-start: 0.8em;
    border-inline-start: 3px solid var(--_muted);
  }
  .markdown :is(ul, ol) {
    padding-inline-start: 1.45em;
  }
  .markdown :is(ul, ol) :is(ul, ol) {
    margin-block: 0.25em 0;
  }
  .markdown li {
    padding-inline-start: 0.15em;
  }
  .markdown li + li {
    margin-block-start: 0.3em;
  }
  .markdown li::marker {
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .markdown a {
    color: inherit;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
  }
  .markdown code {
    padding: 0.1em 0.35em;
    border-radius: 5px;
    background: var(--_sunken);
    font:
      0.9em ui-monospace,
      'Cascadia Code',
      Menlo,
      Consolas,
      monospace;
  }
  .markdown pre {
    padding: 0.75em 0.9em;
    border-radius: 10px;
    background: var(--_sunken);
    overflow-x: auto;
  }
  .markdown pre code {
    padding: 0;
    background: none;
    white-space: pre;
    overflow-wrap: normal;
  }
  .markdown .table {
    overflow-x: auto;
    border: 1px solid var(--_line);
    border-radius: 10px;
  }
  .markdown table {
    border-collapse: collapse;
    min-inline-size: 100%;
    font-size: 0.94em;
    overflow-wrap: normal;
  }
  .markdown :is(th, td) {
    padding: 0.45em 0.75em;
    text-align: start;
    vertical-align: top;
    min-inline-size: 4em;
  }
  .markdown tr + tr :is(th, td),
  .markdown tbody td {
    border-block-start: 1px solid var(--_line);
  }
  .markdown th {
    font-weight: 600;
    background: var(--_sunken);
  }
  .markdown .center {
    text-align: center;
  }
  .markdown .end {
    text-align: end;
  }
  .markdown mark {
    padding-inline: 0.1em;
    border-radius: 3px;
    background: var(--_mark);
    color: inherit;
    -webkit-box-decoration-break: clone;
    box-decoration-break: clone;
  }
  @media (forced-colors: active) {
    .markdown mark {
      background: Mark;
      color: MarkText;
    }
  }
`;
