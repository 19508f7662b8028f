import type { TemplateResult } from 'lit';
import { html } from 'lit';

/** Outlines on a 24 × 24 grid. */
const PATHS = {
  chat: 'M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z',
  close: 'm6 6 12 12M18 6 6 18',
  menu: 'M5 12h.01M12 12h.01M19 12h.01',
  back: 'm14 6-6 6 6 6',
  down: 'M12 5v14m-6-6 6 6 6-6',
  send: 'M12 19V5m-6 6 6-6 6 6',
  stop: 'M7 7h10v10H7Z',
  page: 'M14 4h6v6m0-6-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4',
  device: 'M8 3h8a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm3 15h2',
  cloud: 'M7 18.5a4.5 4.5 0 0 1-.4-9A6 6 0 0 1 18 8.6a4.5 4.5 0 0 1-.5 9.9Z',
  mail: 'M4 6h16v12H4Zm0 1 8 6 8-6',
  info: 'M12 11v5m0-8.5h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  erase: 'M5 7h14M10 7V5h4v2m3 0-1 12H8L7 7',
  retry: 'M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8a7 7 0 0 1 14 0',
  like: 'M7 11v9H4v-9Zm0 0 4-7a2 2 0 0 1 2 2v4h5.5a2 2 0 0 1 2 2.4l-1.3 6a2 2 0 0 1-2 1.6H7',
  dislike: 'M7 13V4H4v9Zm0 0 4 7a2 2 0 0 0 2-2v-4h5.5a2 2 0 0 0 2-2.4l-1.3-6a2 2 0 0 0-2-1.6H7',
  alert:
    'M12 8.5v4.5m0 3h.01M10.3 4 2.6 17.5A2 2 0 0 0 4.3 20.5h15.4a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0Z',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** Draws an icon that carries no meaning of its own; those that point sideways mirror in right-to-left pages. */
export function icon(name: IconName): TemplateResult {
  const side = name === 'back' || name === 'page' ? 'flips' : '';
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" class=${side}><path d=${PATHS[name]}></path></svg>`;
}
