import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Styles of the form that leaves a message. */
export const leaveMessageStyles: CSSResult = css`
  :host {
    display: block;
    padding: 4px 20px 24px;
  }
  form {
    display: flex;
    flex-direction: column;
    gap: 18px;
  }
  .field {
    display: flex;
    flex-direction: column;
    gap: 6px;
  }
  label {
    font-weight: 600;
  }
  textarea,
  input {
    inline-size: 100%;
    padding: 10px 12px;
    border: 1px solid var(--_muted);
    border-radius: var(--_control);
    background: var(--_surface);
  }
  textarea {
    min-block-size: 6em;
    resize: vertical;
  }
  :is(textarea, input):focus-visible {
    outline-offset: -1px;
  }
  [aria-invalid='true'] {
    border-color: var(--_danger);
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
  .result {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 16px;
    padding-block: 40px 8px;
    text-align: center;
    text-wrap: balance;
  }
  .mark {
    display: grid;
    place-items: center;
    inline-size: 56px;
    block-size: 56px;
    border-radius: 50%;
    background: var(--_raised);
    color: var(--_warn);
    font-size: 1.4rem;
  }
  .delivered .mark {
    color: var(--_good);
  }
  @media (max-width: 600px) {
    textarea,
    input {
      font-size: 16px;
    }
  }
`;
