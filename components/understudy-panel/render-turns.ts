import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Conversation } from '../conversation/conversation.ts';
import type { Messages } from '../messages/messages.ts';
import { ownersTitle } from './render-head.ts';

/** Draws the turns of a conversation, oldest first. */
export function renderTurns(
  conversation: Conversation | null,
  language: string,
  messages: Messages,
): TemplateResult {
  const turns = conversation?.turns ?? [];
  const site = ownersTitle(conversation, language);
  return html`<ol role="list">
    ${repeat(
      turns,
      (turn) => turn.id,
      (turn, index) =>
        html`<li>
          <understudy-turn
            exportparts="message, question, answer, citation, source, badge, suggestion, notice, form, field, action, rating"
            .turn=${turn}
            .messages=${messages}
            .site=${site === '' ? location.hostname : site}
            .canRate=${conversation?.status?.canRate ?? false}
            .uploadFile=${conversation?.uploadFile ?? null}
            .isLast=${index === turns.length - 1}
          ></understudy-turn>
        </li>`,
    )}
  </ol>`;
}
