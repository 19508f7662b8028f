import type { CSSResultGroup, TemplateResult } from 'lit';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Status } from '../../src/contracts/protocol.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { en } from '../messages/en.ts';
import type { Messages } from '../messages/messages.ts';
import { baseStyles } from '../theme/base.styles.ts';
import { icon } from '../theme/icon.ts';
import { aboutStyles } from './understudy-about.styles.ts';

/**
 * @summary Says which release answers, who answers, and what is stored; lets the visitor erase it.
 *
 * @fires {PanelActionEvent} understudy-action - `erase`, after the visitor confirmed it.
 *
 * @csspart about - The list of facts.
 */
export class UnderstudyAbout extends LitElement {
  static override styles: CSSResultGroup = [baseStyles, aboutStyles];

  /** The texts of the interface. */
  @property({ attribute: false }) messages: Messages = en;
  /** The latest state of the connection; null before there is one. */
  @property({ attribute: false }) status: Status | null = null;
  /** Whether the question to erase everything is open. */
  @property({ type: Boolean, attribute: 'is-asking' }) isAsking = false;
  @state() private isErasing = false;

  override render(): TemplateResult {
    const { messages, status } = this;
    const isMemory = status?.persistence === 'memory';
    return html`
      <dl part="about">
        <div>
          <dt>${messages.aboutAnswers}</dt>
          <dd>
            ${status === null || status.reach === 'none' ? messages.aboutAnswersDevice : messages.aboutAnswersLead}
          </dd>
        </div>
        <div>
          <dt>${messages.aboutRelease}</dt>
          <dd>
            ${status?.release == null ? messages.aboutNoRelease : messages.aboutReleaseNumber(status.release)}
          </dd>
        </div>
        <div>
          <dt>${messages.generator}</dt>
          <dd>${this.#renderGenerator()}</dd>
        </div>
        <div>
          <dt>${messages.aboutStored}</dt>
          <dd>
            ${isMemory ? messages.aboutMemoryText : messages.aboutStoredText}
            ${
              status === null || status.outboxCount === 0
                ? nothing
                : html`<p class="count">${icon('mail')}${messages.aboutOutbox(status.outboxCount)}</p>`
            }
          </dd>
        </div>
      </dl>
      ${this.isAsking ? this.#renderQuestion() : this.#renderErase()}
    `;
  }

  /** Opens the question to erase everything and moves the focus to it. */
  async askToErase(): Promise<void> {
    this.isAsking = true;
    await this.updateComplete;
    this.shadowRoot?.querySelector<HTMLElement>('#question')?.focus();
  }

  #renderGenerator(): TemplateResult {
    const { messages, status } = this;
    const state = status?.generator ?? 'absent';
    return html`${messages.generators[state]}
    ${
      state === 'loading'
        ? html`<progress
            max="1"
            value=${status?.generatorProgress ?? 0}
            aria-label=${messages.generator}
          ></progress>`
        : nothing
    }`;
  }

  #renderErase(): TemplateResult {
    return html`<button class="button danger" @click=${() => this.askToErase()}>
      ${icon('erase')}${this.messages.erase}
    </button>`;
  }

  #renderQuestion(): TemplateResult {
    const { messages } = this;
    const erase = (): void => {
      this.isErasing = true;
      this.dispatchEvent(new PanelActionEvent({ type: 'erase' }));
    };
    const cancel = (): void => {
      this.isAsking = false;
    };
    return html`<div class="question" role="group" aria-labelledby="question" aria-describedby="consequence">
      <h3 id="question" tabindex="-1">${messages.eraseQuestion}</h3>
      <p id="consequence">${messages.eraseText}</p>
      <div class="buttons">
        <button class="button danger" ?disabled=${this.isErasing} @click=${erase}>
          ${icon('erase')}${messages.eraseConfirm}
        </button>
        <button class="button" @click=${cancel}>${messages.cancel}</button>
      </div>
    </div>`;
  }
}
