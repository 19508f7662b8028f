import type { CSSResult } from 'lit';
import { css } from 'lit';

/**
 * Colors and controls that all elements share.
 *
 * The accent is the owner's; everything that must be read on the surface uses our own pairs, so that no accent can
 * make a text illegible. Text on the accent is black or white, whichever is further from it.
 */
export const baseStyles: CSSResult = css`
  :host {
    --_accent: var(--understudy-accent, var(--_brand, #3451c6));
    --_on-accent: var(--understudy-accent-contrast, var(--_contrast, #fff));
    --_surface: light-dark(#fff, #16181d);
    --_raised: light-dark(#f2f4f7, #23272f);
    --_sunken: light-dark(#e6e9ee, #2f343d);
    --_text: light-dark(#191c22, #eef0f4);
    --_muted: light-dark(#565d6b, #a9b1be);
    --_line: light-dark(#dfe3e8, #343a44);
    --_danger: light-dark(#b3261e, #ffa198);
    --_good: light-dark(#1a7f4b, #4cc38a);
    --_warn: light-dark(#b65c00, #f0a63a);
    --_focus: light-dark(#1d4ed8, #9db8ff);
    --_mark: light-dark(#ffe999, #66540f);
    --_radius: var(--understudy-radius, 16px);
    --_control: calc(var(--_radius) * 0.75);
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  button,
  input,
  select,
  textarea {
    margin: 0;
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button {
    border: 0;
    padding: 0;
    background: none;
    text-align: start;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: default;
  }
  h2,
  h3,
  p,
  ol,
  ul,
  dl,
  dd,
  pre {
    margin: 0;
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  svg {
    display: block;
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .flips:dir(rtl) {
    scale: -1 1;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .icon-button {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 40px;
    block-size: 40px;
    border-radius: var(--_control);
    color: var(--_muted);
    transition: background-color 0.15s;
  }
  .icon-button:hover {
    background: var(--_raised);
    color: var(--_text);
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-block-size: 40px;
    padding: 0.5em 1em;
    border: 1px solid var(--_line);
    border-radius: var(--_control);
    background: var(--_surface);
    font-weight: 550;
    transition: background-color 0.15s;
  }
  .button:hover {
    background: var(--_raised);
  }
  .button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .button.primary:hover {
    background: color-mix(in srgb, var(--_accent) 90%, var(--_on-accent));
  }
  .button.danger {
    color: var(--_danger);
  }
  .button:disabled {
    opacity: 0.6;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .button,
    .icon-button {
      border: 1px solid ButtonText;
    }
  }
`;
