import type { CSSResultGroup, PropertyValues, TemplateResult } from 'lit';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { MAX_TURN_LENGTH } from '../../src/contracts/turn.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { en } from '../messages/en.ts';
import type { Messages } from '../messages/messages.ts';
import { baseStyles } from '../theme/base.styles.ts';
import { fieldStyles } from '../theme/field.styles.ts';
import { icon } from '../theme/icon.ts';
import { parseContact } from './parse-contact.ts';
import { leaveMessageStyles } from './understudy-leave-message.styles.ts';

/** What became of a message. */
export type MessageOutcome = 'delivered' | 'kept' | 'unconfirmed';

/** Sends a message, or keeps it until it can be sent; rejects when it could not even be kept. */
export type SubmitMessage = (message: {
  readonly text: string;
  readonly contact: string;
}) => Promise<MessageOutcome>;

type FormState = 'editing' | 'sending' | 'failed' | MessageOutcome;

/**
 * @summary A form that leaves a message for people, online or not.
 *
 * @fires {PanelActionEvent} understudy-action - `back` when the visitor is done.
 *
 * @csspart form - The form.
 * @csspart result - What became of the message.
 */
export class UnderstudyLeaveMessage extends LitElement {
  static override styles: CSSResultGroup = [baseStyles, fieldStyles, leaveMessageStyles];

  /** The texts of the interface. */
  @property({ attribute: false }) messages: Messages = en;
  /** What the message begins with: the question. */
  @property() text = '';
  /** How the visitor can be reached, as they wrote before; '' when they did not. It may come late. */
  @property() known = '';
  /** Takes the message. */
  @property({ attribute: false }) submitMessage: SubmitMessage | null = null;

  @state() private message = '';
  @state() private contact = '';
  @state() private form: FormState = 'editing';
  @state() private messageError = '';
  @state() private contactError = '';
  /** Whether the visitor has had a hand in the contact: what they typed, or emptied, is never replaced. */
  #isTouched = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text')) this.message = this.text;
    if (changed.has('known') && !this.#isTouched) this.contact = parseContact(this.known) ?? '';
  }

  /** Moves the focus to the first field to fill in. */
  override focus(options?: FocusOptions): void {
    const name = this.message === '' ? '#message' : '#contact';
    this.#field(name)?.focus(options);
  }

  override render(): TemplateResult {
    const { form } = this;
    return form === 'delivered' || form === 'kept' || form === 'unconfirmed'
      ? this.#renderOutcome(form)
      : this.#renderForm();
  }

  #field(name: '#message' | '#contact' | '#done'): HTMLElement | null {
    return this.shadowRoot?.querySelector<HTMLElement>(name) ?? null;
  }

  #renderForm(): TemplateResult {
    const { messages } = this;
    return html`<form part="form" novalidate @submit=${this.#onSubmit}>
      <p class="hint">${messages.leaveMessageHint}</p>
      <div class="field">
        <label for="message">${messages.messageText}</label>
        <textarea
          id="message"
          rows="5"
          dir="auto"
          maxlength=${MAX_TURN_LENGTH}
          required
          aria-invalid=${this.messageError !== ''}
          aria-describedby="message-error"
          .value=${this.message}
          @input=${this.#onInput}
        ></textarea>
        <p class="error" id="message-error">${this.messageError}</p>
      </div>
      <div class="field">
        <label for="contact">${messages.contact}</label>
        <input
          id="contact"
          type="text"
          dir="auto"
          autocomplete="email"
          inputmode="email"
          autocapitalize="none"
          spellcheck="false"
          required
          aria-invalid=${this.contactError !== ''}
          aria-describedby="contact-error contact-hint"
          .value=${this.contact}
          @input=${this.#onInput}
        />
        <p class="error" id="contact-error">${this.contactError}</p>
        <p class="hint" id="contact-hint" aria-live="polite">
          ${this.contact !== '' && this.contact === this.known.trim() ? messages.contactKnown : messages.contactHint}
        </p>
      </div>
      ${this.form === 'failed' ? html`<p class="error" role="alert">${messages.messageFailed}</p>` : nothing}
      <div class="buttons">
        <button class="button primary" type="submit" ?disabled=${this.form === 'sending'}>
          ${this.form === 'sending' ? messages.sending : messages.submitMessage}
        </button>
        <button class="button" type="button" @click=${this.#onBack}>${messages.cancel}</button>
      </div>
    </form>`;
  }

  #renderOutcome(outcome: MessageOutcome): TemplateResult {
    const { messages } = this;
    return html`<div class="result ${outcome}" part="result">
      <div class="mark">
        ${icon(outcome === 'delivered' ? 'check' : outcome === 'kept' ? 'device' : 'info')}
      </div>
      <p role="status">${messages[outcome]}</p>
      <button class="button primary" id="done" @click=${this.#onBack}>${messages.done}</button>
    </div>`;
  }

  readonly #onBack = (): void => {
    this.dispatchEvent(new PanelActionEvent({ type: 'back' }));
  };

  readonly #onInput = (event: Event): void => {
    const field = event.currentTarget;
    if (field instanceof HTMLTextAreaElement) {
      this.message = field.value;
      this.messageError = '';
    } else if (field instanceof HTMLInputElement) {
      this.#isTouched = true;
      this.contact = field.value;
      this.contactError = '';
    }
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    void this.#submit();
  };

  async #submit(): Promise<void> {
    const { messages, submitMessage } = this;
    if (this.form === 'sending' || submitMessage === null) return;
    const contact = parseContact(this.contact);
    this.messageError = this.message.trim() === '' ? messages.messageMissing : '';
    this.contactError =
      contact !== null ? '' : this.contact.trim() === '' ? messages.contactMissing : messages.contactInvalid;
    if (this.messageError !== '' || contact === null) {
      await this.updateComplete;
      this.#field(this.messageError === '' ? '#contact' : '#message')?.focus();
      return;
    }
    this.form = 'sending';
    try {
      this.form = await submitMessage({ text: this.message.trim(), contact });
      await this.updateComplete;
      this.#field('#done')?.focus();
    } catch {
      // The cause was told to the owner as a fault; the visitor keeps the text and may try again.
      this.form = 'failed';
    }
  }
}
