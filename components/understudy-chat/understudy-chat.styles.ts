import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Styles of the launcher; small, since every page pays for them. */
export const chatStyles: CSSResult = css`
  :host {
    all: initial !important;
  }
  :host([hidden]) {
    display: none !important;
  }
  .root {
    --_accent: var(--understudy-accent, var(--_brand, #3451c6));
    position: fixed;
    inset-block-end: var(--understudy-inset-block, 20px);
    inset-inline-end: var(--understudy-inset-inline, 20px);
    z-index: var(--understudy-z-index, 2147483000);
    color-scheme: light dark;
    font: 15px/1.5 var(--understudy-font, system-ui, sans-serif);
  }
  :host([position='start']) .root {
    inset-inline: var(--understudy-inset-inline, 20px) auto;
  }
  :host([theme='light']) .root {
    color-scheme: light;
  }
  :host([theme='dark']) .root {
    color-scheme: dark;
  }
  .launcher {
    display: grid;
    margin-inline-start: auto;
    place-items: center;
    width: 56px;
    height: 56px;
    padding: 0;
    border: 1px solid transparent;
    border-radius: 50%;
    background: color-mix(in srgb, var(--_accent), var(--_accent));
    color: var(--understudy-accent-contrast, var(--_contrast, #fff));
    box-shadow: 0 4px 16px rgb(0 0 0 / 24%);
    cursor: pointer;
  }
  .launcher:hover {
    scale: 1.05;
  }
  .launcher:focus-visible {
    outline: 3px solid light-dark(#1d4ed8, #9db8ff);
    outline-offset: 3px;
  }
  .launcher[aria-busy='true'] {
    opacity: 0.7;
  }
  svg {
    width: 26px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .fallback {
    max-width: 280px;
    margin-block-end: 12px;
    padding: 16px;
    border: 1px solid;
    border-radius: 16px;
    background: Canvas;
    color: CanvasText;
  }
  @media print {
    :host {
      display: none !important;
    }
  }
`;
