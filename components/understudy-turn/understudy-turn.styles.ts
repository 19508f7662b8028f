import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Styles of one turn. */
export const turnStyles: CSSResult = css`
  :host {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: 8px;
  }
  .question,
  .answer {
    max-inline-size: 88%;
    padding: 10px 14px;
    border-radius: var(--_radius);
    overflow-wrap: anywhere;
  }
  .question {
    align-self: flex-end;
    max-inline-size: 82%;
    border-end-end-radius: calc(var(--_radius) * 0.3);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .question .text {
    white-space: pre-wrap;
  }
  .answer {
    max-inline-size: 100%;
    margin-block-start: 4px;
    border-end-start-radius: calc(var(--_radius) * 0.3);
    background: var(--_raised);
    color: var(--_text);
  }
  .aside {
    font-size: 0.8125rem;
    color: var(--_muted);
  }
  .end {
    align-self: flex-end;
    text-align: end;
  }
  .link {
    padding: 4px;
    margin: -4px;
    border-radius: 6px;
    color: inherit;
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.18em;
  }
  .link:hover {
    color: var(--_text);
  }
  .chip {
    position: relative;
    display: inline-grid;
    place-items: center;
    min-inline-size: 20px;
    block-size: 20px;
    margin-block: -3px;
    margin-inline: 1px;
    padding-inline: 4px;
    border: 1px solid var(--_line);
    border-radius: 10px;
    background: var(--_surface);
    font-size: 0.6875rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    line-height: 1;
    vertical-align: middle;
    transition: background-color 0.15s;
  }
  /* Larger to touch than to see. */
  .chip::after {
    content: '';
    position: absolute;
    inset: -3px;
  }
  .chip:hover {
    border-color: var(--_muted);
    background: var(--_sunken);
  }
  .sources {
    inline-size: 100%;
    padding-inline: 2px;
  }
  .sources ul {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin-block-start: 4px;
    padding: 0;
    list-style: none;
  }
  .sources li {
    max-inline-size: 100%;
  }
  .source {
    display: flex;
    align-items: center;
    gap: 8px;
    max-inline-size: 100%;
    min-block-size: 32px;
    padding-block: 4px;
    padding-inline: 6px 12px;
    border: 1px solid var(--_line);
    border-radius: 16px;
    font-size: 0.8125rem;
    transition: background-color 0.15s;
  }
  .source:hover {
    border-color: var(--_muted);
    background: var(--_raised);
  }
  .source .number {
    display: grid;
    place-items: center;
    flex: none;
    min-inline-size: 20px;
    block-size: 20px;
    border-radius: 10px;
    background: var(--_sunken);
    font-size: 0.6875rem;
    font-weight: 650;
  }
  .source .title {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .badge {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 6px;
    padding-inline: 2px;
    font-size: 0.8125rem;
    color: var(--_muted);
  }
  .badge svg {
    inline-size: 15px;
    block-size: 15px;
  }
  .reason {
    flex-basis: 100%;
    margin-block-start: 4px;
    padding: 8px 12px;
    border-inline-start: 3px solid var(--_line);
    color: var(--_text);
  }
  .divider {
    display: flex;
    align-items: center;
    gap: 10px;
    inline-size: 100%;
    margin-block: 6px 2px;
    font-size: 0.8125rem;
    color: var(--_muted);
    text-align: center;
  }
  .divider::before,
  .divider::after {
    content: '';
    flex: 1 0 12px;
    border-block-start: 1px solid var(--_line);
  }
  .writing {
    display: flex;
    gap: 5px;
    padding-block: 16px;
  }
  .dot {
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: var(--_muted);
    animation: breathe 1.2s infinite ease-in-out;
  }
  .dot:nth-of-type(3) {
    animation-delay: 0.16s;
  }
  .dot:nth-of-type(4) {
    animation-delay: 0.32s;
  }
  @keyframes breathe {
    0%,
    60%,
    100% {
      opacity: 0.35;
    }
    30% {
      opacity: 1;
      translate: 0 -3px;
    }
  }
  .outcome {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 10px;
    max-inline-size: 100%;
    padding: 10px 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    font-size: 0.875rem;
  }
  .outcome > p {
    flex: 1 1 200px;
  }
  .outcome > svg {
    flex: none;
    color: var(--_muted);
  }
  .outcome.failed > svg {
    color: var(--_danger);
  }
  .handoff {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    margin-block-start: 2px;
    font-size: 0.875rem;
  }
  .handoff > p {
    flex: 1 1 100%;
    color: var(--_muted);
  }
  .form {
    inline-size: 100%;
    margin-block-start: 4px;
    padding: 14px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    border-end-start-radius: calc(var(--_radius) * 0.3);
    background: var(--_surface);
  }
  .rating {
    display: flex;
    align-items: center;
    gap: 2px;
    margin-block-start: -4px;
    font-size: 0.8125rem;
    color: var(--_muted);
  }
  .rate {
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    border-radius: var(--_control);
    transition: background-color 0.15s;
  }
  .rate svg {
    inline-size: 17px;
    block-size: 17px;
  }
  .rate:hover {
    background: var(--_raised);
    color: var(--_text);
  }
  .rate[aria-pressed='true'] {
    color: var(--_text);
  }
  .rate[aria-pressed='true'] svg {
    fill: var(--_sunken);
  }
  .rating > span {
    margin-inline-start: 6px;
  }
  .suggestions {
    align-self: flex-end;
    align-items: flex-end;
    margin-block-start: 6px;
  }
  @media (forced-colors: active) {
    .question,
    .answer {
      border: 1px solid CanvasText;
    }
    .dot {
      background: CanvasText;
    }
  }
`;
