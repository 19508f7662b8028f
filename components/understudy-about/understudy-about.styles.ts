import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Styles of the facts about the assistant. */
export const aboutStyles: CSSResult = css`
  :host {
    display: block;
    padding: 4px 20px 24px;
  }
  dl {
    display: flex;
    flex-direction: column;
    gap: 18px;
    margin-block-end: 24px;
  }
  dt {
    font-weight: 600;
  }
  dd {
    margin-block-start: 2px;
    color: var(--_muted);
  }
  progress {
    display: block;
    inline-size: 100%;
    block-size: 8px;
    margin-block-start: 8px;
    accent-color: var(--_accent);
  }
  .count {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-start: 8px;
    color: var(--_text);
  }
  .question {
    padding: 16px;
    border: 1px solid var(--_danger);
    border-radius: var(--_control);
  }
  h3 {
    font-size: 1rem;
  }
  h3:focus {
    outline: none;
  }
  .question p {
    margin-block: 4px 14px;
    color: var(--_muted);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
  }
`;
