import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Styles of the field a visitor writes in. */
export const composerStyles: CSSResult = css`
  :host {
    display: block;
    padding: 8px 12px 12px;
  }
  .composer {
    display: flex;
    align-items: flex-end;
    gap: 6px;
    padding: 5px;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.4);
    background: var(--_surface);
    transition: border-color 0.15s;
  }
  .composer:hover {
    border-color: var(--_muted);
  }
  .composer:focus-within {
    border-color: var(--_focus);
    box-shadow: 0 0 0 1px var(--_focus);
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    max-block-size: calc(6lh + 16px);
    padding-block: 8px;
    padding-inline: 12px 4px;
    border: 0;
    background: none;
    line-height: 1.4;
    resize: none;
    overscroll-behavior: contain;
  }
  textarea:focus {
    outline: none;
  }
  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .round {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 38px;
    block-size: 38px;
    border-radius: 50%;
    transition:
      background-color 0.15s,
      color 0.15s;
  }
  .send {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .send:hover:not(:disabled) {
    background: color-mix(in srgb, var(--_accent) 88%, var(--_on-accent));
  }
  .send:disabled {
    background: var(--_raised);
    color: var(--_muted);
  }
  .stop {
    border: 1px solid var(--_line);
    color: var(--_text);
  }
  .stop:hover {
    background: var(--_raised);
  }
  .stop svg {
    fill: currentColor;
  }
  #counter {
    padding: 6px 12px 0;
    font-size: 0.8125rem;
    color: var(--_muted);
    text-align: end;
  }
  #counter.excess {
    color: var(--_danger);
  }
  @media (max-width: 600px) {
    :host {
      padding-block-end: max(12px, env(safe-area-inset-bottom));
    }
    textarea {
      /* Phones zoom into fields of smaller print. */
      font-size: 16px;
    }
  }
  @media (forced-colors: active) {
    .composer:focus-within {
      outline: 2px solid Highlight;
    }
    .round {
      border: 1px solid ButtonText;
    }
  }
`;
