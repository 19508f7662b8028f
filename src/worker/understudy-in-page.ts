import { browserPlatform } from './browser-platform.ts';
import { createAgent } from './agent.ts';
import { servePort } from './serve-port.ts';

/**
 * Serves a connection from the page itself, where workers are forbidden.
 *
 * Extracts only: a generator would hold up the page.
 */
export function serveInPage(port: MessagePort): void {
  servePort(port, (post) => createAgent(browserPlatform({ hasGenerator: false }), post));
  port.start();
}
