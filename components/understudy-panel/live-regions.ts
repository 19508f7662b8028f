import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { html } from 'lit';
import type { TurnView } from '../conversation/turn-view.ts';
import { parseMarkdown, plainText } from '../markdown/parse-markdown.ts';
import type { Messages } from '../messages/messages.ts';

/** What screen readers are told: politely, or at once. */
export class LiveRegions implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #spoken = '';
  #alarm = '';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.clear();
  }

  /** Says a sentence when nothing else is being said. */
  say(text: string): void {
    this.#set(text, '');
  }

  /** Says a sentence at once. */
  alert(text: string): void {
    this.#set('', text);
  }

  /** Empties both: an answer may be the same as the one before, and only what changes is spoken. */
  clear(): void {
    this.#set('', '');
  }

  /** Speaks the finished answer once; a live region on the stream itself would read every token. */
  announce(turn: TurnView, messages: Messages): void {
    const text = turn.segments.map((segment) => plainText(parseMarkdown(segment.text))).join('\n');
    this.#set(
      turn.state === 'answered' ? messages.answerAnnounced(text) : '',
      turn.state === 'failed' ? messages.failed : '',
    );
  }

  render(): TemplateResult {
    return html`<div class="visually-hidden" role="status">${this.#spoken}</div>
      <div class="visually-hidden" role="alert">${this.#alarm}</div>`;
  }

  #set(spoken: string, alarm: string): void {
    if (spoken === this.#spoken && alarm === this.#alarm) return;
    this.#spoken = spoken;
    this.#alarm = alarm;
    this.#host.requestUpdate();
  }
}
