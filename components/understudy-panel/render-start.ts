import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Branding } from '../../src/contracts/bundle.ts';
import { localize } from '../../src/contracts/language.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { safeLink } from '../markdown/safe-link.ts';
import type { Messages } from '../messages/messages.ts';
import { icon } from '../theme/icon.ts';
import { reachOf } from './reach-of.ts';
import { visibleNotices } from './visible-notices.ts';

/** What the conversation begins with: the owner's words, else ours. */
export function renderGreeting(
  branding: Branding | null,
  language: string,
  messages: Messages,
): TemplateResult {
  const owners = branding === null ? '' : localize(branding.greeting, language);
  return html`<p class="greeting" part="message answer" dir="auto">
    ${owners === '' ? messages.greeting : owners}
  </p>`;
}

/** The owner's questions to begin with, in the language of the interface. */
export function renderSuggestions(
  branding: Branding | null,
  language: string,
  messages: Messages,
  ask: (text: string) => void,
): TemplateResult | typeof nothing {
  const primary = language.toLowerCase().split('-')[0] ?? 'en';
  const suggestions = branding?.suggestions[primary] ?? branding?.suggestions['en'] ?? [];
  if (suggestions.length === 0) return nothing;
  return html`<ul class="suggestions" role="list" aria-label=${messages.suggestions}>
    ${suggestions.map(
      (text) =>
        html`<li>
          <button class="suggestion" part="suggestion" dir="auto" @click=${() => ask(text)}>${text}</button>
        </li>`,
    )}
  </ul>`;
}

/** What is shown when nobody can answer, with the other ways to reach the site. */
export function renderFault(
  conversation: Conversation | null,
  messages: Messages,
): TemplateResult | typeof nothing {
  if (conversation?.phase !== 'failed') {
    // Connected, but neither the online assistant nor the device can answer.
    const isMute = reachOf(conversation?.status ?? null, 'ready') === 'notReady';
    return isMute ? html`<p class="contact"><slot></slot></p>` : nothing;
  }
  const contactUrl = conversation.status?.branding?.contactUrl ?? null;
  const href = contactUrl === null ? null : safeLink(contactUrl, document.baseURI);
  return html`<div class="fault" part="fault" role="alert">
    ${icon('alert')}
    <h3>${messages.faultTitle}</h3>
    <p>${messages.faultText}</p>
    <button class="button" @click=${() => conversation.retry()}>${icon('retry')}${messages.retry}</button>
    ${href === null ? nothing : html`<p><a href=${href}>${messages.otherWays}</a></p>`}
    <slot></slot>
  </div>`;
}

/** What the product says about itself, while it is true. */
export function renderNotices(
  conversation: Conversation | null,
  messages: Messages,
): TemplateResult | typeof nothing {
  const codes = conversation === null ? [] : visibleNotices(conversation);
  if (codes.length === 0) return nothing;
  return html`<div class="notices" role="status">
    ${codes.map((code) => html`<p part="notice">${messages.notices[code]}</p>`)}
  </div>`;
}
