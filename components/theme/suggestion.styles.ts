import type { CSSResult } from 'lit';
import { css } from 'lit';

/** A list of questions to choose from, at the start and after answers. */
export const suggestionStyles: CSSResult = css`
  .suggestions {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: 8px;
    padding: 0;
    list-style: none;
  }
  .suggestion {
    padding: 8px 14px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    transition:
      background-color 0.15s,
      border-color 0.15s;
  }
  .suggestion:hover {
    border-color: var(--_muted);
    background: var(--_raised);
  }
`;
