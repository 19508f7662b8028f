import type { Clock } from '../contracts/clock.ts';
import type { UnderstudyError } from '../contracts/errors.ts';
import type { Store } from '../contracts/store.ts';
import type { EnginePicker } from '../engines/picker/engine-picker.ts';
import type { Lock } from '../session/outbox.ts';
import type { Liveness } from './crash-mark.ts';
import type { EncoderFactory } from './encoder-slot.ts';
import type { EngineContext } from './pick-engine.ts';

/** What the agent needs of its surroundings; the worker and the page each bring their own. */
export interface Platform {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly openStore: (name: string, onFault: (error: UnderstudyError) => void) => Promise<Store>;
  /** Keeps tabs from sending one left message twice; null where the browser has no locks. */
  readonly lock: Lock | null;
  /** Calls the listener when the browser believes it is online again; returns how to stop. */
  readonly onOnline: (listener: () => void) => () => void;
  /** Tells crashed tabs from open ones; null where the browser has no locks. */
  readonly liveness: Liveness | null;
  /** Takes a lock that ends with this worker; false where it cannot be had. Never throws. */
  readonly holdForLife: (name: string) => Promise<boolean>;
  /** Makes the picker of engines for the bundle's generator; null where none can run. */
  readonly createEngine: ((context: EngineContext) => Promise<EnginePicker>) | null;
  /** Makes the bundle's encoder; null where none can run. */
  readonly createEncoder: EncoderFactory | null;
}
