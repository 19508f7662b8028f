import type { CSSResultGroup, PropertyValues, TemplateResult } from 'lit';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Branding } from '../../src/contracts/bundle.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { PanelAction } from '../events/panel-action.ts';
import { PanelActionEvent } from '../events/panel-action.ts';
import { interfaceLanguage, messagesFor } from '../messages/messages-for.ts';
import type { Messages } from '../messages/messages.ts';
import { baseStyles } from '../theme/base.styles.ts';
import { icon } from '../theme/icon.ts';
import { suggestionStyles } from '../theme/suggestion.styles.ts';
import { UnderstudyAbout } from '../understudy-about/understudy-about.ts';
import { UnderstudyComposer } from '../understudy-composer/understudy-composer.ts';
import { UnderstudyForm } from '../understudy-form/understudy-form.ts';
import type { MessageOutcome } from '../understudy-leave-message/understudy-leave-message.ts';
import { UnderstudyLeaveMessage } from '../understudy-leave-message/understudy-leave-message.ts';
import { LiveRegions } from './live-regions.ts';
import { PassageLoader } from './passage-loader.ts';
import type { MenuEntry } from './panel-menu.ts';
import { PanelMenu } from './panel-menu.ts';
import type { PanelView } from './panel-view.ts';
import { CHAT_VIEW } from './panel-view.ts';
import { PhoneViewport } from './phone-viewport.ts';
import { renderHead } from './render-head.ts';
import { renderFault, renderGreeting, renderNotices, renderSuggestions } from './render-start.ts';
import { renderTurns } from './render-turns.ts';
import { renderStartForm, renderView } from './render-view.ts';
import { showDialog } from './show-dialog.ts';
import { StickToEnd } from './stick-to-end.ts';
import { panelStyles } from './understudy-panel.styles.ts';

/**
 * @summary The window of the chat: a dialog at the side of the page, the whole screen on phones.
 *
 * It shows a {@link Conversation} and holds no state of it, so it can be taken away and put back. Over 400 lines, since
 * views, actions and focus are one dialog: each moves the focus of the others; how they look is in the `render-` files beside it.
 *
 * @slot - Other ways to reach the site; shown when the assistant cannot start.
 *
 * @fires {PanelActionEvent} understudy-action - `close` when the visitor closes the window.
 *
 * @csspart panel - The window.
 * @csspart header - Its head with title and buttons.
 * @csspart log - The conversation.
 * @csspart message - Each bubble; also `question` and `answer`.
 * @csspart form - The frame of a form; its parts are `field` and `action`.
 * @csspart composer - The frame of the field a visitor writes in; also `input`, `send` and `stop`.
 */
export class UnderstudyPanel extends LitElement {
  static override styles: CSSResultGroup = [baseStyles, suggestionStyles, panelStyles];

  /** The conversation to show. */
  @property({ attribute: false }) conversation: Conversation | null = null;
  /** Whether the window is open. */
  @property({ type: Boolean, reflect: true }) open = false;
  /** Whether opening moves the focus into the window. */
  @property({ attribute: false }) takesFocus = true;
  /** BCP 47 language of the texts. */
  @property() language = 'en';
  /** Name under which what is being typed is kept for a reload. */
  @property({ attribute: false }) draftKey = '';

  @state() private view: PanelView = CHAT_VIEW;
  /** How the visitor can be reached, as they wrote before. */
  @state() private contact = '';

  readonly #live = new LiveRegions(this);
  readonly #menu = new PanelMenu(this);
  readonly #source = new PassageLoader(this);
  readonly #end = new StickToEnd(this, () => this.shadowRoot?.querySelector<HTMLElement>('.log') ?? null);
  readonly #viewport = new PhoneViewport(this, () => this.#dialog);
  /** What was left to go to the view; the focus returns there. */
  #opener: HTMLElement | null = null;
  #unsubscribe: readonly (() => void)[] = [];
  /** Whether the form before the first turn was shown by the last render. */
  #hadStartForm = false;
  #losesFocus = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#subscribe();
    // A dialog that was moved with its page is no longer modal.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#unsubscribe) stop();
    this.#unsubscribe = [];
  }

  /** Moves the focus to the field a visitor writes in, or to the form that comes before it. */
  override focus(options?: FocusOptions): void {
    (this.#startForm ?? this.#composer)?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('conversation')) {
      this.#subscribe();
      this.view = CHAT_VIEW;
    }
    if (changed.has('open') && !this.open) this.#menu.close();
    // The field is hidden while the form is asked for, and the form is gone afterwards: whichever comes takes the focus.
    const hasChanged = this.#hadStartForm !== this.#needsStartForm;
    const active = this.shadowRoot?.activeElement ?? null;
    this.#losesFocus = hasChanged && active !== null && active === (this.#startForm ?? this.#composer);
    this.#hadStartForm = this.#needsStartForm;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const isOpening = this.open && changed.has('open');
    const dialog = this.#dialog;
    if (dialog !== null)
      showDialog(
        dialog,
        { isOpen: this.open, isModal: this.#viewport.isPhone },
        this.shadowRoot?.activeElement,
      );
    if (this.#losesFocus) void this.#focusView();
    if (!isOpening) return;
    this.#end.scrollToEnd();
    if (this.takesFocus) void this.#focusView();
  }

  override render(): TemplateResult {
    const messages = this.#messages;
    const isChat = this.view.name === 'chat';
    return html`<dialog
      part="panel"
      lang=${interfaceLanguage(this.language)}
      aria-labelledby="title"
      @keydown=${this.#onKeydown}
      @cancel=${this.#onCancel}
      @understudy-action=${this.#onAction}
    >
      ${renderHead({
        conversation: this.conversation,
        view: this.view,
        language: this.language,
        messages,
        menu: this.#menu,
        entries: this.#menuEntries(messages),
        onBack: this.#back,
        onClose: this.#close,
      })}
      <div class="body">
        <section
          class="log"
          part="log"
          tabindex="0"
          aria-label=${messages.conversation}
          aria-busy=${this.conversation?.isAnswering ?? false}
          ?inert=${!isChat}
        >
          <div class="turns">
            ${renderGreeting(this.#branding, this.language, messages)}
            ${this.#isNew ? renderSuggestions(this.#branding, this.language, messages, this.#ask) : nothing}
            ${renderTurns(this.conversation, this.language, messages)}
            ${renderStartForm(this.conversation, this.#needsStartForm, messages)}
            ${renderFault(this.conversation, messages)}
          </div>
        </section>
        ${
          this.#end.isAtEnd || !isChat
            ? nothing
            : html`<button
                class="icon-button to-end"
                aria-label=${messages.scrollDown}
                @click=${() => this.#end.scrollToEnd()}
              >
                ${icon('down')}
              </button>`
        }
        ${
          isChat
            ? nothing
            : html`<div class="view">
                ${renderView(this.view, {
                  conversation: this.conversation,
                  messages,
                  passage: this.#source.passage,
                  submitMessage: this.#submitMessage,
                  contact: this.contact,
                })}
              </div>`
        }
      </div>
      ${isChat ? renderNotices(this.conversation, messages) : nothing}
      <understudy-composer
        exportparts="composer, input, send, stop"
        ?inert=${!isChat || this.#needsStartForm}
        ?hidden=${!isChat || this.#needsStartForm}
        .messages=${messages}
        .draftKey=${this.draftKey}
        .isAnswering=${this.conversation?.isAnswering ?? false}
      ></understudy-composer>
      ${this.#live.render()}
    </dialog>`;
  }

  get #messages(): Messages {
    return messagesFor(this.language);
  }

  get #branding(): Branding | null {
    return this.conversation?.status?.branding ?? null;
  }

  /** Whether nothing was asked yet, and can be. */
  get #isNew(): boolean {
    const { conversation } = this;
    return conversation?.phase === 'ready' && conversation.turns.length === 0 && !this.#needsStartForm;
  }

  /** Whether the visitor has to fill in a form before the next question. */
  get #needsStartForm(): boolean {
    return this.conversation?.phase === 'ready' && this.conversation.startForm.isNeeded;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.shadowRoot?.querySelector('dialog') ?? null;
  }

  get #composer(): UnderstudyComposer | null {
    const composer = this.shadowRoot?.querySelector('understudy-composer');
    return composer instanceof UnderstudyComposer ? composer : null;
  }

  get #startForm(): UnderstudyForm | null {
    const form = this.shadowRoot?.querySelector('.start-form understudy-form');
    return form instanceof UnderstudyForm ? form : null;
  }

  #menuEntries(messages: Messages): readonly MenuEntry[] {
    const startForm = this.conversation?.startForm;
    const hasDetails = startForm !== undefined && startForm.asked.length > 0 && !startForm.isNeeded;
    const details: MenuEntry = {
      icon: 'person',
      label: messages.details,
      choose: () => this.#choose({ name: 'details' }),
    };
    return [
      {
        icon: 'mail',
        label: messages.leaveMessage,
        choose: () => this.#choose({ name: 'message', text: '' }),
      },
      ...(hasDetails ? [details] : []),
      { icon: 'info', label: messages.about, choose: () => this.#choose({ name: 'about' }) },
      { icon: 'erase', label: messages.erase, isDangerous: true, choose: () => void this.#askToErase() },
    ];
  }

  #subscribe(): void {
    for (const stop of this.#unsubscribe) stop();
    const { conversation } = this;
    this.#unsubscribe =
      conversation === null || !this.isConnected
        ? []
        : [
            conversation.on('change', () => this.requestUpdate()),
            conversation.on('settled', (turn) => {
              if (this.open) this.#live.announce(turn, this.#messages);
            }),
            conversation.on('form', ({ form }) => {
              if (this.open) this.#live.say(this.#messages.formAsks(form.title));
            }),
          ];
  }

  readonly #ask = (text: string, id?: string): void => {
    this.#end.scrollToEnd();
    this.#live.clear();
    // Where a form comes first, it gets the focus.
    if (!this.#needsStartForm) void this.conversation?.ask(text, id);
    this.focus();
  };

  readonly #onAction = (event: PanelActionEvent): void => {
    event.stopPropagation();
    this.#perform(event.action);
  };

  #perform(action: PanelAction): void {
    const { conversation } = this;
    switch (action.type) {
      case 'send':
        this.#ask(action.text);
        break;
      case 'stop':
        conversation?.stop();
        break;
      case 'ask-again':
        this.#askAgain(action.id);
        break;
      case 'remove-queued':
        conversation?.remove(action.id);
        this.focus();
        break;
      case 'open-citation':
        void this.#source.load(action.citation, conversation);
        this.#go({ name: 'passage', citation: action.citation }, action.opener);
        break;
      case 'leave-message':
        this.#go({ name: 'message', text: action.text }, action.opener);
        break;
      case 'submit-form':
        this.#submitForm(action);
        break;
      case 'rate':
        void conversation?.rate(action.id, action.rating);
        break;
      case 'erase':
        void this.#erase();
        break;
      case 'back':
        this.#back();
        break;
      case 'close':
        this.#close();
    }
  }

  #askAgain(id: string): void {
    const turn = this.conversation?.turns.find((candidate) => candidate.id === id);
    if (turn !== undefined) this.#ask(turn.question, id);
  }

  #submitForm(action: Extract<PanelAction, { type: 'submit-form' }>): void {
    const { conversation } = this;
    if (action.formId !== '') {
      void conversation?.submitForm(action.formId, action.action, action.values);
      return;
    }
    conversation?.submitStartForm(action.values);
    this.#end.scrollToEnd();
    if (this.view.name === 'details') this.#back();
  }

  #go(view: PanelView, opener: HTMLElement | null): void {
    this.#opener = opener;
    this.#menu.close();
    this.view = view;
    if (view.name === 'message') void this.#offerContact();
    void this.#focusView();
  }

  /** Looks for what the visitor wrote of themselves. The form does not wait for it. */
  async #offerContact(): Promise<void> {
    this.contact = '';
    try {
      this.contact = (await (await this.conversation?.connection)?.contact?.()) ?? '';
    } catch {
      // The cause was told to the owner as a fault; the visitor types it once more.
    }
  }

  readonly #back = (): void => {
    const opener = this.#opener;
    this.#opener = null;
    this.view = CHAT_VIEW;
    void this.updateComplete.then(() => {
      if (opener?.isConnected === true && opener.checkVisibility()) opener.focus();
      else this.focus();
    });
  };

  async #focusView(): Promise<void> {
    await this.updateComplete;
    const form = this.shadowRoot?.querySelector('understudy-leave-message, .view understudy-form');
    if (form instanceof UnderstudyLeaveMessage || form instanceof UnderstudyForm) {
      await form.updateComplete;
      form.focus();
    } else if (this.view.name === 'chat') {
      await (this.#startForm ?? this.#composer)?.updateComplete;
      this.focus();
      // The form may have come, or gone, just now: what was to get the focus is then hidden.
      await this.updateComplete;
      const field = this.#startForm ?? this.#composer;
      await field?.updateComplete;
      if (this.shadowRoot?.activeElement !== field) this.focus();
    } else this.shadowRoot?.querySelector<HTMLElement>('.back')?.focus();
  }

  readonly #submitMessage = async (message: {
    readonly text: string;
    readonly contact: string;
  }): Promise<MessageOutcome> => {
    if (this.conversation === null) throw new TypeError('The panel has no conversation.');
    const connection = await this.conversation.connection;
    const { state } = await connection.leaveMessage(message);
    return state;
  };

  readonly #askToErase = async (): Promise<void> => {
    this.#choose({ name: 'about' });
    await this.updateComplete;
    const about = this.shadowRoot?.querySelector('understudy-about');
    if (about instanceof UnderstudyAbout) await about.askToErase();
  };

  async #erase(): Promise<void> {
    const { conversation } = this;
    const messages = this.#messages;
    if (conversation === null) return;
    try {
      await conversation.erase();
      if (this.#composer !== null) this.#composer.value = '';
      this.#live.say(messages.erased);
      // The menu belongs to what was erased: the visitor begins anew.
      this.#opener = null;
    } catch {
      // The cause was told to the owner as a fault; the visitor must know that data may be left.
      this.#live.alert(messages.eraseFailed);
    }
    this.#back();
  }

  #choose(view: PanelView): void {
    this.#go(view, this.#menu.button);
  }

  readonly #close = (): void => {
    this.dispatchEvent(new PanelActionEvent({ type: 'close' }));
  };

  /** A modal dialog would close by itself on Escape or the back gesture; the launcher decides. */
  readonly #onCancel = (event: Event): void => {
    event.preventDefault();
    this.#escape();
  };

  readonly #onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.#escape();
  };

  #escape(): void {
    if (this.#menu.isOpen) {
      this.#menu.close();
      this.#menu.button?.focus();
    } else if (this.view.name === 'chat') this.#close();
    else this.#back();
  }
}
