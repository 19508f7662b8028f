import type { Rating } from '../../src/contracts/responder.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { Citation } from '../../src/contracts/passage.ts';

/** What the visitor did in a part of the panel. */
export type PanelAction =
  | { readonly type: 'send'; readonly text: string }
  | { readonly type: 'stop' }
  | { readonly type: 'ask-again'; readonly id: string }
  | { readonly type: 'remove-queued'; readonly id: string }
  | { readonly type: 'open-citation'; readonly citation: Citation; readonly opener: HTMLElement }
  | { readonly type: 'leave-message'; readonly text: string; readonly opener: HTMLElement }
  | {
      readonly type: 'submit-form';
      /** Id of the form of a turn; '' for the one before the first turn. */
      readonly formId: string;
      readonly action: string;
      readonly values: JsonObject;
    }
  | { readonly type: 'rate'; readonly id: string; readonly rating: Rating | null }
  | { readonly type: 'erase' }
  | { readonly type: 'back' }
  | { readonly type: 'close' };

/** Carries an action from a part of the panel to the panel; never leaves it. */
export class PanelActionEvent extends Event {
  static readonly type = 'understudy-action';
  readonly action: PanelAction;

  constructor(action: PanelAction) {
    super(PanelActionEvent.type, { bubbles: true, cancelable: true });
    this.action = action;
  }
}
