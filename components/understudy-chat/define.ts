import { UnderstudyChat } from './understudy-chat.ts';

export { UnderstudyChat } from './understudy-chat.ts';

/** The tag of the element. */
export const TAG = 'understudy-chat';

// A page that loads the script twice, or in two releases, keeps the first.
if (customElements.get(TAG) === undefined) customElements.define(TAG, UnderstudyChat);
