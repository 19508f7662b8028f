import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Styles of a form. */
export const formStyles: CSSResult = css`
  :host {
    display: block;
    inline-size: 100%;
  }
  form,
  fieldset {
    display: flex;
    flex-direction: column;
    gap: 16px;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  h3 {
    font-size: 1rem;
    font-weight: 650;
  }
  h3,
  label,
  .markdown,
  .button {
    overflow-wrap: anywhere;
  }
  .optional {
    font-weight: 400;
    color: var(--_muted);
  }
  .check {
    display: flex;
    align-items: flex-start;
    gap: 10px;
    padding-block: 4px;
    font-weight: 400;
  }
  .check input {
    flex: none;
    inline-size: 20px;
    block-size: 20px;
    margin-block-start: 1px;
    accent-color: var(--_accent);
  }
  fieldset:disabled :is(textarea, select, input) {
    border-style: dashed;
    border-color: var(--_line);
    background: none;
    color: inherit;
    opacity: 1;
  }
  .buttons > .button {
    max-inline-size: 100%;
    text-align: center;
  }
  .button.accent {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
  }
  .button.ghost {
    border-color: transparent;
    background: none;
    text-decoration: underline;
    text-underline-offset: 0.18em;
  }
  .button[aria-disabled='true'] {
    opacity: 0.6;
    cursor: default;
  }
  .time {
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
    color: var(--_muted);
  }
  .closed {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: 0.875rem;
    color: var(--_muted);
  }
  .closed > svg {
    flex: none;
  }
`;
