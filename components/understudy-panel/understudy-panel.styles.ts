import type { CSSResult } from 'lit';
import { css } from 'lit';

/** Styles of the window. */
export const panelStyles: CSSResult = css`
  :host {
    --_edge: var(--understudy-inset-inline, 20px);
    --_bottom: calc(var(--understudy-inset-block, 20px) + 68px);
    display: contents;
    font: 400 0.9375rem/1.5 var(--understudy-font, system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
  }
  dialog {
    position: fixed;
    inset: auto;
    inset-block-end: var(--_bottom);
    inset-inline-end: var(--_edge);
    z-index: var(--understudy-z-index, 2147483000);
    flex-direction: column;
    inline-size: min(400px, 100vw - 2 * var(--_edge));
    block-size: min(660px, 100vh - var(--_bottom) - 20px);
    block-size: min(660px, 100dvh - var(--_bottom) - 20px);
    max-inline-size: none;
    max-block-size: none;
    margin: 0;
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.25);
    background: var(--_surface);
    color: var(--_text);
    box-shadow:
      0 2px 6px rgb(0 0 0 / 8%),
      0 16px 48px rgb(0 0 0 / 20%);
    overflow: hidden;
    overscroll-behavior: contain;
    text-align: start;
  }
  dialog[open] {
    display: flex;
    animation: appear 0.2s cubic-bezier(0.2, 0.8, 0.3, 1);
  }
  dialog:focus {
    outline: none;
  }
  :host([position='start']) dialog {
    inset-inline: var(--_edge) auto;
  }
  @keyframes appear {
    from {
      opacity: 0;
      translate: 0 12px;
    }
  }
  header {
    position: relative;
    z-index: 2;
    display: flex;
    align-items: center;
    flex: none;
    gap: 4px;
    min-block-size: 64px;
    padding-block: 10px;
    padding-inline: 16px 10px;
    border-block-end: 1px solid var(--_line);
  }
  .brand {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 40px;
    block-size: 40px;
    margin-inline-end: 8px;
    border-radius: var(--_control);
    background: var(--_accent);
    color: var(--_on-accent);
    font-size: 1.05rem;
  }
  .back {
    margin-inline: -8px 4px;
  }
  .heading {
    flex: 1;
    min-inline-size: 0;
  }
  h2 {
    overflow: hidden;
    font-size: 1rem;
    font-weight: 650;
    line-height: 1.3;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .reach {
    display: flex;
    align-items: center;
    gap: 6px;
    font-size: 0.8125rem;
    line-height: 1.35;
    color: var(--_muted);
  }
  .reach::before {
    content: '';
    flex: none;
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--_muted);
  }
  .reach.online::before {
    background: var(--_good);
  }
  .reach.slow::before {
    background: var(--_warn);
  }
  .reach.onDevice::before {
    border: 2px solid var(--_good);
    background: none;
  }
  .menu-button svg {
    stroke-width: 3;
  }
  #menu {
    position: absolute;
    inset-block-start: calc(100% - 6px);
    inset-inline-end: 10px;
    min-inline-size: 220px;
    max-inline-size: calc(100% - 20px);
    padding: 6px;
    border: 1px solid var(--_line);
    border-radius: var(--_control);
    background: var(--_surface);
    box-shadow: 0 8px 28px rgb(0 0 0 / 18%);
    list-style: none;
  }
  #menu button {
    display: flex;
    align-items: center;
    gap: 10px;
    inline-size: 100%;
    min-block-size: 42px;
    padding: 6px 12px;
    border-radius: calc(var(--_control) - 4px);
  }
  #menu button:hover {
    background: var(--_raised);
  }
  #menu button:focus-visible {
    outline-offset: -2px;
  }
  #menu svg {
    flex: none;
    color: var(--_muted);
  }
  #menu .erase,
  #menu .erase svg {
    color: var(--_danger);
  }
  .body {
    position: relative;
    flex: 1;
    min-block-size: 0;
  }
  .log,
  .view {
    position: absolute;
    inset: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  .log:focus-visible {
    outline-offset: -2px;
  }
  .view {
    padding-block-start: 16px;
    background: var(--_surface);
    animation: appear 0.16s ease-out;
  }
  .turns {
    display: flex;
    flex-direction: column;
    gap: 16px;
    padding: 20px 16px 12px;
  }
  .turns > ol {
    display: flex;
    flex-direction: column;
    gap: 22px;
    padding: 0;
    list-style: none;
  }
  .greeting {
    align-self: flex-start;
    max-inline-size: 88%;
    padding: 10px 14px;
    border-radius: var(--_radius);
    border-end-start-radius: calc(var(--_radius) * 0.3);
    background: var(--_raised);
  }
  .start-form {
    padding: 16px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  .details {
    padding: 4px 20px 24px;
  }
  .to-end {
    position: absolute;
    inset-block-end: 8px;
    inset-inline: 0;
    margin-inline: auto;
    border: 1px solid var(--_line);
    border-radius: 50%;
    background: var(--_surface);
    box-shadow: 0 2px 10px rgb(0 0 0 / 16%);
  }
  .fault {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 8px;
    padding: 24px 16px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    text-align: center;
    text-wrap: balance;
  }
  .fault > svg {
    inline-size: 28px;
    block-size: 28px;
    color: var(--_warn);
  }
  .fault h3 {
    font-size: 1rem;
  }
  .fault p {
    color: var(--_muted);
  }
  .fault .button {
    margin-block-start: 8px;
  }
  .contact {
    text-align: center;
  }
  .contact ::slotted(a),
  .fault a,
  .fault ::slotted(a) {
    color: var(--_text) !important;
    text-decoration: underline;
  }
  .notices {
    flex: none;
    padding: 8px 16px 0;
    font-size: 0.8125rem;
    line-height: 1.4;
    color: var(--_muted);
  }
  understudy-composer {
    flex: none;
  }
  /* Modal on phones alone. WebKit does not look at width queries of adopted style sheets again when the page resizes. */
  dialog:modal,
  :host([position='start']) dialog:modal {
    inset: 0;
    inset-block: var(--_top, 0) auto;
    inline-size: 100%;
    block-size: var(--_height, 100vh);
    block-size: var(--_height, 100dvh);
    border: 0;
    border-radius: 0;
  }
  dialog:modal header {
    padding-block-start: max(10px, env(safe-area-inset-top));
  }
  @media print {
    :host {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .greeting,
    .brand {
      border: 1px solid CanvasText;
    }
    .reach::before {
      border: 1px solid CanvasText;
    }
  }
`;
