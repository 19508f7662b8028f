import type { Reach } from '../contracts/protocol.ts';
import type { Circuit } from './circuit-breaker.ts';

/** Says what the widget shows of the lead: `degraded` when it is slow or its latest answer failed. */
export function toReach(circuit: Circuit, hasLead: boolean): Reach {
  if (!hasLead) return 'none';
  if (circuit.state !== 'closed') return 'unreachable';
  return circuit.isSlow || (circuit.weights.at(-1) ?? 0) > 0 ? 'degraded' : 'reachable';
}
