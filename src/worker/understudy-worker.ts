import { browserPlatform } from './browser-platform.ts';
import { createAgent } from './agent.ts';
import { servePort } from './serve-port.ts';

declare const self: DedicatedWorkerGlobalScope;

servePort(self, (post) => createAgent(browserPlatform({ hasGenerator: true }), post));
