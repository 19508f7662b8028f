import type { ConnectOptions, Connection } from '../../src/client/connection.ts';
import type { Conversation } from '../conversation/conversation.ts';

/** What the launcher needs of the panel's script. */
export interface PanelModule {
  readonly connect: (options: ConnectOptions) => Promise<Connection>;
  readonly converse: (host: EventTarget, connect: () => Promise<Connection>) => Conversation;
  readonly definePanel: () => void;
}

declare const __UNDERSTUDY_VERSION__: string;

/** Release of this script, filled in by the build; "dev" from source. */
const VERSION: string = typeof __UNDERSTUDY_VERSION__ === 'string' ? __UNDERSTUDY_VERSION__ : 'dev';

/** Loads the panel's script, which lies beside this one; the release in the address passes over stale caches. */
export async function loadPanelModule(attempt: number): Promise<PanelModule> {
  // Browsers remember a failed import by its address, so another attempt needs another.
  const retry = attempt === 0 ? '' : `&attempt=${attempt}`;
  const url = new URL(`./understudy-panel.js?v=${VERSION}${retry}`, import.meta.url);
  const module: unknown = await import(url.href);
  if (!isPanelModule(module)) throw new TypeError(`${url.href} is not the panel.`);
  return module;
}

function isPanelModule(module: unknown): module is PanelModule {
  return typeof module === 'object' && module !== null && 'converse' in module;
}
