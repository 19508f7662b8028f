import type { CSSResultGroup, PropertyValues, TemplateResult } from 'lit';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { MAX_TURN_LENGTH } from '../../src/contracts/turn.ts';
import type { PanelAction } from '../events/panel-action.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { en } from '../messages/en.ts';
import type { Messages } from '../messages/messages.ts';
import { baseStyles } from '../theme/base.styles.ts';
import { icon } from '../theme/icon.ts';
import type { DraftStore } from './draft.ts';
import { sessionDrafts } from './draft.ts';
import { composerStyles } from './understudy-composer.styles.ts';

/** Characters left from which on the counter is shown. */
const COUNTER_FROM = 400;

/**
 * @summary The field a visitor writes in, with the buttons to send and to stop.
 *
 * @fires {PanelActionEvent} understudy-action - `send` with the text, or `stop`.
 *
 * @csspart composer - The frame around field and buttons.
 * @csspart input - The field.
 * @csspart send - The button that sends.
 * @csspart stop - The button that stops the answer.
 */
export class UnderstudyComposer extends LitElement {
  static override styles: CSSResultGroup = [baseStyles, composerStyles];

  /** The texts of the interface. */
  @property({ attribute: false }) messages: Messages = en;
  /** Whether an answer is on its way, so that it can be stopped. */
  @property({ type: Boolean, attribute: 'is-answering' }) isAnswering = false;
  /** Name under which the draft is kept. Default '': it is not kept. */
  @property({ attribute: 'draft-key' }) draftKey = '';
  /** Where drafts are kept. Default: the session's storage. */
  @property({ attribute: false }) drafts: DraftStore = sessionDrafts;

  @state() private text = '';

  /** Text in the field; setting it replaces the draft. */
  get value(): string {
    return this.text;
  }
  set value(text: string) {
    this.#change(text);
  }

  /** Moves the focus to the field. */
  override focus(options?: FocusOptions): void {
    this.#field?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('draftKey') && this.draftKey !== '' && this.text === '')
      this.text = this.drafts.load(this.draftKey);
  }

  protected override updated(changed: PropertyValues): void {
    const field = this.#field;
    // Measuring lays the page out: not once for every part of an answer.
    if (field === null || !changed.has('text')) return;
    // Measured from zero, so that the field also shrinks; the style sheet caps it at six lines.
    field.style.blockSize = 'auto';
    if (field.scrollHeight > 0) field.style.blockSize = `${field.scrollHeight}px`;
  }

  override render(): TemplateResult {
    const { messages, text } = this;
    const left = MAX_TURN_LENGTH - text.length;
    const isBlank = text.trim() === '';
    return html`
      <div class="composer" part="composer">
        <textarea
          part="input"
          rows="1"
          dir="auto"
          enterkeyhint="send"
          autocomplete="off"
          aria-label=${messages.yourMessage}
          aria-describedby="counter"
          aria-invalid=${left < 0}
          placeholder=${messages.placeholder}
          .value=${text}
          @input=${this.#onInput}
          @keydown=${this.#onKeydown}
        ></textarea>
        ${
          this.isAnswering
            ? html`<button
                class="round stop"
                part="stop"
                aria-label=${messages.stop}
                title=${messages.stop}
                @click=${() => this.#act({ type: 'stop' })}
              >
                ${icon('stop')}
              </button>`
            : nothing
        }
        ${
          this.isAnswering && isBlank
            ? nothing
            : html`<button
                class="round send"
                part="send"
                aria-label=${messages.send}
                title=${messages.send}
                ?disabled=${isBlank || left < 0}
                @click=${this.#send}
              >
                ${icon('send')}
              </button>`
        }
      </div>
      <p id="counter" class=${left < 0 ? 'excess' : ''} role="status" ?hidden=${left > COUNTER_FROM}>
        ${left > COUNTER_FROM ? nothing : left < 0 ? messages.tooLong(-left) : messages.charactersLeft(left)}
      </p>
    `;
  }

  get #field(): HTMLTextAreaElement | null {
    return this.shadowRoot?.querySelector('textarea') ?? null;
  }

  #act(action: PanelAction): void {
    this.dispatchEvent(new PanelActionEvent(action));
  }

  #change(text: string): void {
    this.text = text;
    if (this.draftKey !== '') this.drafts.save(this.draftKey, text);
  }

  readonly #onInput = (): void => this.#change(this.#field?.value ?? '');

  readonly #onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    // While an input method composes, Enter chooses a candidate. Safari ends the composition before the key event and
    // tells by the key code alone.
    if (event.isComposing || isComposingKey(event)) return;
    event.preventDefault();
    if (!event.repeat) this.#send();
  };

  readonly #send = (): void => {
    const text = this.text.trim();
    if (text === '' || this.text.length > MAX_TURN_LENGTH) return;
    // Emptied before the event, so that a second click finds nothing to send.
    this.#change('');
    this.#act({ type: 'send', text });
    this.focus();
  };
}

/** Reads the code that browsers give to keys an input method has taken. */
function isComposingKey(event: KeyboardEvent): boolean {
  const code: unknown = Reflect.get(event, 'keyCode');
  return code === 229;
}
