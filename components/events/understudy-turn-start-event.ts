import { UnderstudyEvent } from './understudy-event.ts';

/** Told when a question is sent to whoever answers. */
export class UnderstudyTurnStartEvent extends UnderstudyEvent {
  /** UUID of the turn. */
  readonly id: string;
  /** What the visitor asked. */
  readonly text: string;

  constructor(id: string, text: string) {
    super('understudy-turn-start');
    this.id = id;
    this.text = text;
  }
}

declare global {
  interface HTMLElementEventMap {
    'understudy-turn-start': UnderstudyTurnStartEvent;
  }
}
