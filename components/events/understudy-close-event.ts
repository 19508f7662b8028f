import { UnderstudyEvent } from './understudy-event.ts';

/** Told before the panel closes; `preventDefault()` keeps it open. */
export class UnderstudyCloseEvent extends UnderstudyEvent {
  constructor() {
    super('understudy-close', true);
  }
}

declare global {
  interface HTMLElementEventMap {
    'understudy-close': UnderstudyCloseEvent;
  }
}
