import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Messages } from '../messages/messages.ts';
import type { Block, Inline, List, Table } from './syntax.ts';

/** What a template position may hold. */
export type Rendered = TemplateResult | string | typeof nothing;

/** Options of {@link renderMarkdown}. */
export interface RenderOptions {
  readonly messages: Messages;
  /** Draws `[n]`; null leaves it as text. Default: always text. */
  readonly cite?: (index: number) => TemplateResult | null;
}

/**
 * Draws parsed Markdown as Lit templates.
 *
 * There is no HTML string on the way: text goes in as text nodes, and the one attribute that carries an address is
 * what the link check returned. So the page's Trusted Types and a strict Content Security Policy hold.
 */
export function renderMarkdown(blocks: readonly Block[], options: RenderOptions): readonly TemplateResult[] {
  return blocks.map((block) => renderBlock(block, options));
}

function renderBlock(block: Block, options: RenderOptions): TemplateResult {
  switch (block.type) {
    case 'paragraph':
      return html`<p dir="auto">${renderInlines(block.children, options)}</p>`;
    case 'heading':
      return html`<p class="heading" dir="auto">
        <strong>${renderInlines(block.children, options)}</strong>
      </p>`;
    case 'quote':
      return html`<blockquote dir="auto">${renderInlines(block.children, options)}</blockquote>`;
    case 'code-block':
      return html`<pre
        tabindex="0"
        role="region"
        aria-label=${options.messages.code}
      ><code>${block.text}</code></pre>`;
    case 'list':
      return renderList(block, options);
    case 'table':
      return renderTable(block, options);
  }
}

function renderList(list: List, options: RenderOptions): TemplateResult {
  const items = list.items.map(
    (item) =>
      html`<li>
        ${renderInlines(item.children, options)}${item.list === null ? nothing : renderList(item.list, options)}
      </li>`,
  );
  return list.isOrdered
    ? html`<ol dir="auto" start=${list.start}>
        ${items}
      </ol>`
    : html`<ul>
        ${items}
      </ul>`;
}

function renderTable(table: Table, options: RenderOptions): TemplateResult {
  const align = (column: number): string => table.align[column] ?? 'start';
  return html`<div class="table" tabindex="0" role="region" aria-label=${options.messages.table}>
    <table dir="auto">
      <thead>
        <tr>
          ${table.header.map(
            (cell, column) =>
              html`<th scope="col" class=${align(column)}>${renderInlines(cell, options)}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${table.rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, column) => html`<td class=${align(column)}>${renderInlines(cell, options)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function renderInlines(inlines: readonly Inline[], options: RenderOptions): readonly Rendered[] {
  return inlines.map((inline) => renderInline(inline, options));
}

function renderInline(inline: Inline, options: RenderOptions): Rendered {
  switch (inline.type) {
    case 'text':
      return inline.text;
    case 'code':
      return html`<code>${inline.text}</code>`;
    case 'mark':
      return inline.isCode
        ? html`<code><mark>${inline.text}</mark></code>`
        : html`<mark>${inline.text}</mark>`;
    case 'strong':
      return html`<strong>${renderInlines(inline.children, options)}</strong>`;
    case 'emphasis':
      return html`<em>${renderInlines(inline.children, options)}</em>`;
    case 'link':
      return html`<a
        href=${inline.href}
        title=${inline.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        referrerpolicy="no-referrer"
        >${renderInlines(inline.children, options)}</a
      >`;
    case 'cite':
      return options.cite?.(inline.index) ?? `[${inline.index}]`;
    case 'break':
      return html`<br />`;
  }
}
