import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Styles of the view of a source. */
export const passageStyles: CSSResult = css`
  :host {
    display: block;
    padding: 4px 20px 24px;
  }
  h3 {
    font-size: 1.125rem;
    line-height: 1.35;
    text-wrap: balance;
  }
  .headings {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 6px;
    margin-block-start: 4px;
    padding: 0;
    list-style: none;
    font-size: 0.8125rem;
    color: var(--_muted);
  }
  .headings li + li::before {
    content: '/';
    margin-inline-end: 6px;
  }
  .markdown,
  blockquote {
    margin-block-start: 16px;
  }
  .loading,
  .lead {
    margin-block-start: 16px;
    color: var(--_muted);
  }
  blockquote {
    margin-inline: 0;
    padding: 10px 14px;
    border-inline-start: 3px solid var(--_accent);
    background: var(--_raised);
    border-start-end-radius: var(--_control);
    border-end-end-radius: var(--_control);
  }
  blockquote {
    margin-block-start: 6px;
  }
  .button {
    margin-block-start: 20px;
    color: inherit;
    text-decoration: none;
  }
`;
