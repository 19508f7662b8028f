import type { Status } from '../../src/contracts/protocol.ts';
import type { ConversationPhase } from '../conversation/conversation.ts';

/** Who would answer now, as a key of the messages. */
export type ReachSign = 'online' | 'slow' | 'onDevice' | 'connecting' | 'notReady';

/** Decides the sign of reach in the head of the window. */
export function reachOf(status: Status | null, phase: ConversationPhase): ReachSign {
  if (phase === 'failed') return 'notReady';
  if (status === null || phase === 'connecting') return 'connecting';
  if (status.reach === 'reachable') return 'online';
  if (status.reach === 'degraded') return 'slow';
  if (status.release !== null) return 'onDevice';
  return status.faults.length === 0 ? 'connecting' : 'notReady';
}
