import type { HandoffReason } from '../../src/contracts/turn.ts';
import { UnderstudyEvent } from './understudy-event.ts';

/** Told when the answer hands the visitor over to people. */
export class UnderstudyHandoffEvent extends UnderstudyEvent {
  /** Why. */
  readonly reason: HandoffReason;

  constructor(reason: HandoffReason) {
    super('understudy-handoff');
    this.reason = reason;
  }
}

declare global {
  interface HTMLElementEventMap {
    'understudy-handoff': UnderstudyHandoffEvent;
  }
}
