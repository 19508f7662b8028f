import type { CSSResultGroup, TemplateResult } from 'lit';
import { LitElement, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { Citation, Passage } from '../../src/contracts/passage.ts';
import { markSnippet } from '../markdown/mark-snippet.ts';
import { markdownStyles } from '../markdown/markdown.styles.ts';
import { parseMarkdown } from '../markdown/parse-markdown.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { safeLink } from '../markdown/safe-link.ts';
import { en } from '../messages/en.ts';
import type { Messages } from '../messages/messages.ts';
import { baseStyles } from '../theme/base.styles.ts';
import { icon } from '../theme/icon.ts';
import { passageStyles } from './understudy-passage.styles.ts';

/** What is known of the passage behind a citation. */
export type PassageState =
  | { readonly state: 'loading' }
  | { readonly state: 'found'; readonly passage: Passage }
  /** The bundle no longer has it, or the citation is a lead's. */
  | { readonly state: 'absent' };

/**
 * @summary Shows the source of an answer, with the words that support it marked.
 *
 * @csspart passage - The text of the source.
 * @csspart page-link - The link to the page it comes from.
 */
export class UnderstudyPassage extends LitElement {
  static override styles: CSSResultGroup = [baseStyles, markdownStyles, passageStyles];

  /** The texts of the interface. */
  @property({ attribute: false }) messages: Messages = en;
  /** The citation that was opened. */
  @property({ attribute: false }) citation: Citation | null = null;
  /** What the bundle gave for it. */
  @property({ attribute: false }) passage: PassageState = { state: 'loading' };

  override render(): TemplateResult | typeof nothing {
    const { citation, messages, passage } = this;
    if (citation === null) return nothing;
    const found = passage.state === 'found' ? passage.passage : null;
    const headings = found?.headings ?? citation.headings;
    return html`
      <h3 dir="auto">${found?.title ?? citation.title}</h3>
      ${
        headings.length === 0
          ? nothing
          : html`<ol class="headings" role="list">
              ${headings.map((heading) => html`<li dir="auto">${heading}</li>`)}
            </ol>`
      }
      ${passage.state === 'loading' ? html`<p class="loading" role="status">${messages.passageLoading}</p>` : nothing}
      ${found === null ? nothing : this.#renderPassage(found, citation)}
      ${
        passage.state === 'absent'
          ? this.#renderQuote(citation, citation.passageId === null ? messages.quoted : messages.passageGone)
          : nothing
      }
      ${this.#renderLink(found?.url ?? citation.url)}
    `;
  }

  #renderPassage(passage: Passage, citation: Citation): TemplateResult {
    const { messages } = this;
    const blocks = parseMarkdown(passage.text, passage.url === null ? {} : { base: pageBase(passage.url) });
    const marked = markSnippet(blocks, citation.snippet);
    return html`
      ${marked === null && citation.snippet !== '' ? this.#renderQuote(citation, messages.quoted) : nothing}
      <div class="markdown" part="passage" lang=${passage.language}>
        ${renderMarkdown(marked ?? blocks, { messages })}
      </div>
    `;
  }

  #renderQuote(citation: Citation, lead: string): TemplateResult {
    return html`<p class="lead">${lead}</p>
      <blockquote dir="auto" part="passage">${citation.snippet}</blockquote>`;
  }

  #renderLink(url: string | null): TemplateResult | typeof nothing {
    const href = url === null ? null : safeLink(url, document.baseURI);
    if (href === null || !href.startsWith('http')) return nothing;
    return html`<a
      class="button"
      part="page-link"
      href=${href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      referrerpolicy="no-referrer"
      >${icon('page')}${this.messages.openPage}<span class="visually-hidden">
        ${this.messages.newTab}</span
      ></a
    >`;
  }
}

/** Links in a passage start from the page it was taken from. */
function pageBase(url: string): string {
  return safeLink(url, document.baseURI) ?? document.baseURI;
}
