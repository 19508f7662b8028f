import type { Citation } from '../../src/contracts/passage.ts';
import type { Messages } from '../messages/messages.ts';

/** What covers the conversation, if anything. */
export type PanelView =
  | { readonly name: 'chat' }
  | { readonly name: 'passage'; readonly citation: Citation }
  | { readonly name: 'message'; readonly text: string }
  | { readonly name: 'details' }
  | { readonly name: 'about' };

/** Nothing covers the conversation. */
export const CHAT_VIEW: PanelView = { name: 'chat' };

/** What stands in the head of the window while a view is open; '' for the conversation. */
export function viewTitle(view: PanelView, messages: Messages): string {
  const titles = {
    chat: '',
    passage: messages.sources,
    message: messages.leaveMessage,
    details: messages.details,
    about: messages.about,
  };
  return titles[view.name];
}
