import type { Status } from '../../src/contracts/protocol.ts';
import { UnderstudyEvent } from './understudy-event.ts';

/** Told when something the widget shows has changed. */
export class UnderstudyStatusEvent extends UnderstudyEvent {
  /** The latest state. */
  readonly status: Status;

  constructor(status: Status) {
    super('understudy-status');
    this.status = status;
  }
}

declare global {
  interface HTMLElementEventMap {
    'understudy-status': UnderstudyStatusEvent;
  }
}
