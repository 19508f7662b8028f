import { UnderstudyChat } from './understudy-chat.ts';

export type { UnderstudyCloseEvent } from '../events/understudy-close-event.ts';
export type { UnderstudyFaultEvent } from '../events/understudy-fault-event.ts';
export type { UnderstudyHandoffEvent } from '../events/understudy-handoff-event.ts';
export type { UnderstudyOpenEvent } from '../events/understudy-open-event.ts';
export type { UnderstudyStatusEvent } from '../events/understudy-status-event.ts';
export type { UnderstudyTurnEndEvent } from '../events/understudy-turn-end-event.ts';
export type { UnderstudyTurnStartEvent } from '../events/understudy-turn-start-event.ts';
export { UnderstudyChat } from './understudy-chat.ts';

/** The tag of the element. */
export const TAG = 'understudy-chat';

// A page that loads the script twice, or in two releases, keeps the first.
if (customElements.get(TAG) === undefined) customElements.define(TAG, UnderstudyChat);
