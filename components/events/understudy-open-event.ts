import { UnderstudyEvent } from './understudy-event.ts';

/** Told before the panel opens; `preventDefault()` keeps it closed. */
export class UnderstudyOpenEvent extends UnderstudyEvent {
  constructor() {
    super('understudy-open', true);
  }
}

declare global {
  interface HTMLElementEventMap {
    'understudy-open': UnderstudyOpenEvent;
  }
}
