import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Fields of forms with their labels, hints and errors. */
export const fieldStyles: CSSResult = css`
  .field {
    display: flex;
    flex-direction: column;
    gap: 6px;
  }
  label {
    font-weight: 600;
  }
  textarea,
  select,
  input:not([type='checkbox']) {
    inline-size: 100%;
    min-block-size: 44px;
    padding: 10px 12px;
    border: 1px solid var(--_muted);
    border-radius: var(--_control);
    background: var(--_surface);
  }
  textarea {
    min-block-size: 6em;
    resize: vertical;
  }
  :is(textarea, select, input):focus-visible {
    outline-offset: -1px;
  }
  [aria-invalid='true'] {
    border-color: var(--_danger) !important;
  }
  .hint {
    font-size: 0.875rem;
    color: var(--_muted);
  }
  .error {
    font-size: 0.875rem;
    color: var(--_danger);
  }
  .error:empty {
    display: none;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
  }
  /* Smaller text in a field makes iOS zoom the page. */
  @media (max-width: 600px) {
    textarea,
    select,
    input {
      font-size: 16px;
    }
  }
`;
