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
`;
