import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { localize } from '../../src/contracts/language.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Messages } from '../messages/messages.ts';
import { icon } from '../theme/icon.ts';
import type { MenuEntry, PanelMenu } from './panel-menu.ts';
import type { PanelView } from './panel-view.ts';
import { viewTitle } from './panel-view.ts';
import { reachOf } from './reach-of.ts';

/** What the head of the window is drawn with. */
export interface HeadOptions {
  readonly conversation: Conversation | null;
  readonly view: PanelView;
  readonly language: string;
  readonly messages: Messages;
  readonly menu: PanelMenu;
  readonly entries: readonly MenuEntry[];
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** Title that the owner gave, else ''. */
export function ownersTitle(conversation: Conversation | null, language: string): string {
  const title = conversation?.status?.branding?.title;
  return title === undefined ? '' : localize(title, language);
}

/** Draws the head of the window: what it shows, who would answer, the menu, and the ways back and out. */
export function renderHead(options: HeadOptions): TemplateResult {
  const { conversation, view, messages, menu } = options;
  const isChat = view.name === 'chat';
  const reach = reachOf(conversation?.status ?? null, conversation?.phase ?? 'connecting');
  const title = ownersTitle(conversation, options.language);
  return html`<header part="header">
    ${
      isChat
        ? html`<span class="brand">${icon('chat')}</span>`
        : html`<button
            class="icon-button back"
            aria-label=${messages.back}
            title=${messages.back}
            @click=${options.onBack}
          >
            ${icon('back')}
          </button>`
    }
    <div class="heading">
      <h2 id="title">
        <bdi>${isChat ? (title === '' ? messages.assistant : title) : viewTitle(view, messages)}</bdi>
      </h2>
      ${isChat ? html`<p class="reach ${reach}">${messages[reach]}</p>` : nothing}
    </div>
    ${menu.renderButton(messages)}
    <button
      class="icon-button close"
      aria-label=${messages.close}
      title=${messages.close}
      @click=${options.onClose}
    >
      ${icon('close')}
    </button>
    ${menu.renderList(options.entries)}
  </header>`;
}
