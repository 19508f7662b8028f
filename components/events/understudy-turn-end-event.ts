import type { TurnSummary } from '../../src/contracts/turn.ts';
import { UnderstudyEvent } from './understudy-event.ts';

/** Told when a question has been answered. */
export class UnderstudyTurnEndEvent extends UnderstudyEvent {
  /** What the turn amounts to. */
  readonly summary: TurnSummary;

  constructor(summary: TurnSummary) {
    super('understudy-turn-end');
    this.summary = summary;
  }
}

declare global {
  interface HTMLElementEventMap {
    'understudy-turn-end': UnderstudyTurnEndEvent;
  }
}
