import type { Clock } from '../../../src/contracts/clock.ts';
import type { RunningServer } from '../static-server.ts';
import { createAccess } from './access.ts';
import { ConversationStore } from './conversation-store.ts';
import { FileStore } from './file-store.ts';
import type { HostedBundle } from './plan-host.ts';
import { createPlanHost } from './plan-host.ts';
import { startApiServer } from './start-api-server.ts';

/** Options of {@link hostBundle}. */
export interface HostBundleOptions {
  readonly bundle: HostedBundle;
  /** Keys of the service interface; none: only this machine is answered. */
  readonly keys: readonly string[];
  /** Code of the web interface. Default: the app's id. */
  readonly siteCode?: string;
  /** Origins whose pages may read answers. Default: all where there are keys, else those of this machine. */
  readonly origins?: readonly string[];
  readonly hostname: string;
  readonly port: number;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Starts the API of a bundle. @throws UnderstudyError `cli/port-in-use`. */
export function hostBundle(options: HostBundleOptions): Promise<RunningServer> {
  const { bundle, keys, hostname, port, clock, onError } = options;
  const host = createPlanHost(bundle);
  return startApiServer({
    state: { host, clock, conversations: new ConversationStore(), files: new FileStore(), runs: new Map() },
    access: createAccess({ keys, siteCode: options.siteCode ?? host.app.appId }),
    clock,
    hostname,
    port,
    origins: options.origins ?? (keys.length > 0 ? ['*'] : []),
    isLocalOnly: keys.length === 0,
    onError,
  });
}

/** Whether an address is one of this machine alone. */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(hostname);
}

/** Keys of the service interface, separated by commas or blanks. */
export function readKeys(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((key) => key !== '');
}
