import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Conversation } from '../conversation/conversation.ts';
import type { Messages } from '../messages/messages.ts';
import type { SubmitMessage } from '../understudy-leave-message/understudy-leave-message.ts';
import type { PassageState } from '../understudy-passage/understudy-passage.ts';
import type { PanelView } from './panel-view.ts';

/** What a view is drawn with. */
export interface ViewOptions {
  readonly conversation: Conversation | null;
  readonly messages: Messages;
  readonly passage: PassageState;
  readonly submitMessage: SubmitMessage;
  /** How the visitor can be reached, as they wrote before; '' when they did not. */
  readonly contact: string;
}

/** Draws what covers the conversation; nothing while nothing does. */
export function renderView(view: PanelView, options: ViewOptions): TemplateResult | typeof nothing {
  const { conversation, messages } = options;
  switch (view.name) {
    case 'chat':
      return nothing;
    case 'passage':
      return html`<understudy-passage
        exportparts="passage, page-link"
        .messages=${messages}
        .citation=${view.citation}
        .passage=${options.passage}
      ></understudy-passage>`;
    case 'message':
      return html`<understudy-leave-message
        exportparts="form, result"
        .messages=${messages}
        .text=${view.text}
        .known=${options.contact}
        .submitMessage=${options.submitMessage}
      ></understudy-leave-message>`;
    case 'details':
      return html`<div class="details" part="form">
        ${renderDetails(conversation, messages, '', messages.detailsHint, messages.save)}
      </div>`;
    case 'about':
      return html`<understudy-about
        exportparts="about"
        .messages=${messages}
        .status=${conversation?.status ?? null}
      ></understudy-about>`;
  }
}

/** Draws the form before the first turn; nothing when it is not to be filled in. */
export function renderStartForm(
  conversation: Conversation | null,
  isNeeded: boolean,
  messages: Messages,
): TemplateResult | typeof nothing {
  if (!isNeeded) return nothing;
  return html`<div class="start-form" part="form">
    ${renderDetails(conversation, messages, messages.startTitle, '', messages.startSubmit)}
  </div>`;
}

function renderDetails(
  conversation: Conversation | null,
  messages: Messages,
  title: string,
  content: string,
  label: string,
): TemplateResult {
  return html`<understudy-form
    exportparts="field, action"
    .messages=${messages}
    .formTitle=${title}
    .content=${content}
    .fields=${conversation?.startForm.asked ?? []}
    .values=${conversation?.startForm.values ?? {}}
    .actions=${[{ id: '', label, style: 'primary' }]}
    .uploadFile=${conversation?.uploadFile ?? null}
  ></understudy-form>`;
}
